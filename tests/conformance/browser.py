"""A person at a browser: browser.py ADDRESS consent|deny [CODE]. Fills in each form until there is none, and prints the last page."""

import html.parser
import http.cookiejar
import sys
import urllib.parse
import urllib.request

ANSWERS = {"login": "dana", "password": "x", "user_code": sys.argv[3] if len(sys.argv) > 3 else ""}


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.form = None
        self.fields = {}
        self.links = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and self.form is None:
            self.form = attributes.get("action", "")
        elif tag in ("input", "button") and self.form is not None and attributes.get("name"):
            name = attributes["name"]
            if name != "abort" or sys.argv[2] == "deny":
                self.fields[name] = ANSWERS.get(name, attributes.get("value", ""))
        elif tag == "a":
            self.links.append(attributes.get("href", ""))


browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))


def visit(address, form=None):
    try:
        with browser.open(address, form) as answer:
            return answer.geturl(), answer.read().decode()
    except urllib.error.HTTPError as error:
        return address, error.read().decode()


address, text = visit(sys.argv[1])
for _ in range(8):
    page = Page(text)
    abort = [link for link in page.links if link.endswith("/abort")]
    if sys.argv[2] == "deny" and abort:
        address, text = visit(urllib.parse.urljoin(address, abort[0]))
    elif page.form is not None:
        form = urllib.parse.urlencode(page.fields).encode()
        address, text = visit(urllib.parse.urljoin(address, page.form), form)
    else:
        break
print(text)
