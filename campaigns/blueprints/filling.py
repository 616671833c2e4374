"""Puts what was typed back into a form of a page that is already written, whatever made that page.

Only the form that goes to the same address is touched, and in it only what people fill in. Hidden fields keep what the
page says now: a token, or the state of things that is decided on. What has no field any more is given back by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

UNTOUCHED = ("hidden", "submit", "button", "reset", "image", "file", "password")
TICKED = ("checkbox", "radio")
Attributes = Mapping[str, str | None]


@dataclass
class Spot:
    """A field of a form, and where it stands in the page: its tag, and for a text area what is between its tags."""

    kind: str
    name: str
    attributes: Attributes
    start: int
    end: int
    inside: tuple[int, int] = (0, 0)
    options: list["Spot"] = field(default_factory=list)


@dataclass
class Form:
    """A form of the page."""

    action: str
    spots: list[Spot] = field(default_factory=list)


class Forms(HTMLParser):
    """The forms of a page, with the places of their fields."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._open: Spot | None = None
        self._lines = [0]
        for line in page.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """A form begins, or one of its fields."""
        at, start = dict(attrs), self._here()
        end = start + len(self.get_starttag_text() or "")
        if tag == "form":
            self._form = Form(at.get("action") or "")
            if at.get("method", "get") == "post":
                self.forms.append(self._form)
        elif tag == "option" and self._open is not None:
            self._open.options.append(Spot(tag, "", at, start, end))
        elif tag in ("input", "textarea", "select", "button") and self._form is not None:
            kind = (at.get("type") or "text") if tag == "input" else "submit" if tag == "button" else tag
            spot = Spot(kind, at.get("name") or "", at, start, end)
            self._form.spots.append(spot)
            self._open = spot if tag in ("textarea", "select") else self._open

    def handle_endtag(self, tag: str) -> None:
        """What was open ends here."""
        if tag == "form":
            self._form = None
        elif self._open is not None and tag == self._open.kind:
            self._open.inside = (self._open.end, self._here())
            self._open = None

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column


def filled(page: str, address: str, action: str, sent: Sequence[tuple[str, str]]) -> tuple[str, list[tuple[str, str]]]:
    """The page at `address` with what was `sent` to `action` in its form again, and what found no field."""
    forms = [form for form in Forms(page).forms if urldefrag(urljoin(address, form.action)).url == action]
    if not forms:
        return page, [(name, value) for name, value in sent if value.strip()]
    form = max(forms, key=lambda one: _likeness(one, sent))
    changes, left = [], list(sent)
    for spot in form.spots:
        if spot.kind in UNTOUCHED:
            left = [pair for pair in left if pair[0] != spot.name or spot.kind in ("file", "password")]
        else:
            changes += _changed(spot, left)
    ticks = {spot.name for spot in form.spots if spot.kind in TICKED}
    for start, end, text in sorted(changes, reverse=True):
        page = page[:start] + text + page[end:]
    return page, [(name, value) for name, value in left if value.strip() and name not in ticks]


def _likeness(form: Form, sent: Sequence[tuple[str, str]]) -> int:
    """Of several forms that go to one address, the right one says the same in what nobody typed."""
    fixed = [(spot.name, spot.attributes.get("value") or "") for spot in form.spots if spot.kind in UNTOUCHED]
    names = {spot.name for spot in form.spots}
    return 2 * sum(pair in sent for pair in fixed) + sum(name in names for name in dict(sent))


def _changed(spot: Spot, left: list[tuple[str, str]]) -> list[tuple[int, int, str]]:
    """What is written where; what is used is taken from `left`, so that rows of one name get theirs in turn."""
    if spot.kind in TICKED:
        on = (spot.name, spot.attributes.get("value") or "on") in left
        return [_tag("input", spot, "checked", on)]
    mine = next((pair for pair in left if pair[0] == spot.name), None)
    if mine is None:
        return []
    if spot.kind == "select":
        return _chosen(spot, left)
    left.remove(mine)
    if spot.kind == "textarea":
        return [(*spot.inside, "\n" + escape(mine[1]))]  # a first line break is not part of what is typed
    return [_tag("input", spot, "value", mine[1])]


def _chosen(spot: Spot, left: list[tuple[str, str]]) -> list[tuple[int, int, str]]:
    values = [value for name, value in left if name == spot.name]
    wanted = values if "multiple" in spot.attributes else values[:1]
    offered = {option.attributes.get("value") or "" for option in spot.options}
    for value in wanted:
        left.remove((spot.name, value))
    if not offered.intersection(wanted):
        return []
    return [
        _tag("option", option, "selected", (option.attributes.get("value") or "") in wanted) for option in spot.options
    ]


def _tag(tag: str, spot: Spot, name: str, value: str | bool) -> tuple[int, int, str]:
    """The tag anew, with one attribute changed."""
    attributes = {**spot.attributes}
    attributes.pop(name, None)
    if value is not False:
        attributes[name] = None if value is True else str(value)
    words = "".join(f" {key}" if said is None else f' {key}="{escape(said)}"' for key, said in attributes.items())
    return spot.start, spot.end, f"<{tag}{words}>"
