"""Checks that every relative link of the Markdown files leads to a file, and every anchor to a heading."""

import pathlib
import re
import sys

root = pathlib.Path(__file__).parent.parent


def anchors(path):
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


faults, count = [], 0
for page in [*root.glob("*.md"), *(root / "docs").rglob("*.md")]:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        count += 1
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists():
            faults.append(f"{page.relative_to(root)}: {target} does not exist")
        elif anchor and anchor not in anchors(file):
            faults.append(f"{page.relative_to(root)}: {target} has no such heading")
print(f"{count} links")
sys.exit("\n".join(faults) or 0)
