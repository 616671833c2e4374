"""The forms of a page as a browser has them: what each sends, what a person types into it, what it says went wrong."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = ("text", "search", "email", "url", "tel", "number", "date", "datetime-local", "time")


@dataclass
class Form:
    """A form as a browser has it: what it sends, and which of that a person types."""

    action: str
    method: str
    sent: list[tuple[str, str]] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)  # name -> kind of input
    longest: dict[str, int] = field(default_factory=dict)


class Reader(HTMLParser):
    """The forms of a page, its text areas, and what is said as an alert or beside a field."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.area = self.select = ""
        self.picked: list[str] = []
        self.values: list[str] = []
        self.carried: list[str] = []  # in hidden fields
        self.told = 0  # alerts, and reasons beside fields

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        refused = at.get("role") == "alert" or at.get("class") == "alert bad"
        beside = at.get("aria-invalid") == "true" or at.get("class") == "error"
        self.told += refused or beside or at.get("class") == "wrong"
        if tag == "form":
            self.form = Form(at.get("action", ""), at.get("method", "get"))
            self.forms.append(self.form)
        elif tag == "textarea":
            self.area = at.get("name", "-")
            self.values.append("")
            if self.form:
                self.note(self.area, "textarea", at)
        elif tag == "select":
            self.select, self.picked = at.get("name", ""), []
        elif tag == "option" and self.select:
            self.option(at)
        elif tag in ("input", "button"):
            self.input(tag, at)

    def note(self, name: str, kind: str, at: dict[str, str]) -> None:
        assert self.form is not None
        if "readonly" in at:
            return
        self.form.typed[name] = kind
        self.form.longest[name] = int(at.get("maxlength", 0) or 0)

    def option(self, at: dict[str, str]) -> None:
        if at.get("value") and not self.picked and self.form:
            self.picked.append(at["value"])
            self.form.sent.append((self.select, at["value"]))

    def input(self, tag: str, at: dict[str, str]) -> None:
        kind, name = at.get("type", "text" if tag == "input" else "submit"), at.get("name", "")
        if tag == "input" and kind == "hidden":
            self.carried.append(at.get("value", ""))
        elif tag == "input" and kind != "password":
            self.values.append(at.get("value", ""))
        if self.form is None or not name:
            return
        if kind in TYPED:
            self.note(name, kind, at)
        elif kind == "hidden" or kind == "submit" and name not in dict(self.form.sent):
            self.form.sent.append((name, at.get("value", "")))
        elif kind in ("radio", "checkbox") and name not in dict(self.form.sent):
            self.form.sent.append((name, at.get("value", "y")))

    def handle_data(self, data: str) -> None:
        if self.area:
            self.values[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""


def read(page: str) -> Reader:
    """A page, read."""
    reader = Reader()
    reader.feed(page)
    return reader
