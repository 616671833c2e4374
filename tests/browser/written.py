"""The steps of docs/first-campaign.md as deeds, and its words in another language.

In a step **bold** is pressed, *italics* with `code` are a field and what goes into it, `code` alone is done outside the
page, and "quotes" are what the page then says. Anything else is for people.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from campaigns.i18n import CATALOGUES, translations

PAGE = Path(__file__).parents[2] / "docs/first-campaign.md"
STEP = re.compile(
    r"^### (?P<number>\d+)\. (?P<title>[^\n(]+?)(?: \((?P<who>[^\n]+)\))?\n(?P<text>.*?)(?=^### |\Z)", re.M | re.S
)
DEED = re.compile(
    r'\*\*(?P<press>.+?)\*\*|\*(?P<field>[^*]+)\* `(?P<typed>[^`]+)`'
    r'|"(?P<says>[^"]+)"|`(?P<outside>[^`]+)`'
)  # fmt: skip
PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Deed:
    """One thing to do: "press" words, "fill" a field, read what the page "says", or do something "outside"."""

    kind: str
    words: str
    typed: str = ""


@dataclass(frozen=True)
class Step:
    """A numbered step, who takes it, and what they do."""

    number: int
    who: str
    deeds: tuple[Deed, ...]


def steps() -> list[Step]:
    """The page's steps in their order."""
    return [
        Step(int(one["number"]), one["who"] or "you", tuple(_deeds(" ".join(one["text"].split()))))
        for one in STEP.finditer(PAGE.read_text(encoding="utf-8"))
    ]


def command() -> str:
    """What follows `flask --app wsgi` in the command that makes the first sign-in."""
    found = re.search(r"flask --app wsgi (.+)", PAGE.read_text(encoding="utf-8"))
    assert found, "the page tells no command"
    return found[1]


def _deeds(text: str) -> list[Deed]:
    found = []
    for one in DEED.finditer(text):
        if one["press"]:
            found.append(Deed("press", one["press"]))
        elif one["field"]:
            found.append(Deed("fill", one["field"], one["typed"]))
        else:
            found.append(Deed("says", one["says"]) if one["says"] else Deed("outside", one["outside"]))
    return found


def spoken(words: str, language: str) -> str:
    """Words of an English page in another language; names and what is no message stay as they are.

    >>> spoken("Take all: 10", "he") == spoken("Take all: 7", "he").replace("7", "10") != "Take all: 10"
    True
    """
    known = translations(language)
    if language == "en" or known.gettext(words) != words:
        return words if language == "en" else known.gettext(words)
    for pattern, ids in _patterns():
        if said := pattern.fullmatch(words):
            facts = said.groupdict()
            text = known.gettext(ids[0]) if len(ids) == 1 else known.ngettext(ids[0], ids[1], int(facts["n"]))
            return str(text % facts)
    return words


@cache
def _patterns() -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
    """Messages with places in them, those that say most first."""
    with (CATALOGUES / "he.po").open("rb") as source:
        ids = [(one.id,) if isinstance(one.id, str) else tuple(one.id) for one in read_po(source) if one.id]
    told = {form: each for each in ids for form in each if PLACE.search(form)}
    most_first = sorted(told, key=lambda form: -len(PLACE.sub("", form)))
    return [(_pattern(form), told[form]) for form in most_first if len(set(PLACE.findall(form))) == 1]


def _pattern(message: str) -> re.Pattern[str]:
    parts = PLACE.split(message)
    return re.compile("".join(f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)))
