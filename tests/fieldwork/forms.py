"""Reads a page's form as a browser would and sends it back, so that hidden fields are the real ones."""

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class _Form(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.wanted, self.inside, self.fields = action, False, {}
        self.text: str | None = None
        self.select: str | None = None

    fields: dict[str, Any]

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        at = dict(given)
        name = at.get("name")
        if tag == "form":
            self.inside = at.get("action") == self.wanted
        if not self.inside:
            return
        if tag == "input" and name and at.get("type") != "file":
            if at.get("type") in ("radio", "checkbox"):
                if "checked" in at:
                    self.fields.setdefault(name, []).append(at.get("value", "y"))
            else:
                self.fields[name] = at.get("value") or ""
        elif tag == "textarea" and name:
            self.text, self.fields[name] = name, ""
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and self.select and "selected" in at:
            self.fields[self.select] = at.get("value")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside and self.text:
            self.fields[self.text] += data.removeprefix("\r\n").removeprefix("\n")


def fields_of(page: TestResponse, action: str) -> dict[str, Any]:
    """What the form with that action would send untouched."""
    reader = _Form(action)
    reader.feed(page.text)
    assert reader.fields, f"no form for {action}"
    return reader.fields


def send(browser: FlaskClient, action: str, fields: dict[str, Any], **changes: Any) -> TestResponse:
    """The answer to sending the form with some fields changed (`V_X_01_verdict` for V-X-01-verdict)."""
    named = {name.replace("_", "-") if name.startswith("V_") else name: v for name, v in changes.items()}
    answer = browser.post(action, data=fields | named, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a large upload is a temporary file of the test client
    return answer
