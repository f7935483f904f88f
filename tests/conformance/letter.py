"""What Python's mail library reads in a letter: its head, its parts and their sizes, as lines."""

import email
import email.policy
import sys

letter = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
for name in ("From", "To", "Subject", "X-Unsent"):
    print(f"{name}: {letter[name]}")
for part in letter.walk():
    if not part.is_multipart():
        content = part.get_payload(decode=True)
        text = content.decode() if part.get_content_maintype() == "text" else ""
        print(part.get_content_type(), part.get_filename(), len(content), sep="\t")
        if part.get_content_type() == "text/plain":
            print(text)
    if part.defects:
        print("defects:", part.defects)
