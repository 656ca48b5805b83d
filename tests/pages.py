"""The forms of a page as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

NOT_TYPED = {"checkbox", "radio", "file", "submit", "button", "image", "reset"}


@dataclass
class PageForm:
    """Where a form goes, what it would send untouched, and which of it somebody could have typed."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms = path, []
        self.form, self.select, self.area = None, None, None

    def handle_starttag(self, tag: str, attributes: list) -> None:
        told = dict(attributes)
        if tag == "form" and told.get("method", "").lower() == "post":
            self.form = PageForm(told.get("action") or self.path)
            self.forms.append(self.form)
        elif self.form and told.get("name") and tag in ("input", "select", "textarea"):
            self._field(tag, told)
        elif self.form and tag == "button" and told.get("name"):
            self.form.values.setdefault(told["name"], told.get("value", ""))
        elif tag == "option" and self.select and told.get("value"):
            self.form.values.setdefault(self.select, told["value"])

    def _field(self, tag: str, told: dict) -> None:
        name, kind = told["name"], told.get("type", "text")
        self.select = name if tag == "select" else self.select
        self.area = name if tag == "textarea" else None
        if tag == "input" and kind not in ("file", "submit", "button"):
            self.form.values.setdefault(name, told.get("value") or ("" if kind in ("text", "email") else "1"))
        if tag == "textarea":
            self.form.values.setdefault(name, "")
        if tag != "select" and kind not in NOT_TYPED and name not in self.form.texts:
            self.form.texts.append(name)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.form.values[self.area] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None


def forms_of(page: str, path: str) -> list[PageForm]:
    """The forms of a page that send something; `path` is where those without an address go."""
    reader = _Reader(path)
    reader.feed(page)
    return reader.forms
