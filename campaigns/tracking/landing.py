"""Names in text: whom a landing address or a platform's own affiliate field says that a buyer came through.

Both can be filled by any visitor with anything, so nothing here raises, and what is no name is passed over. Whether a
name is a participant's is asked of the tables elsewhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

LONGEST_ADDRESS = 2000
LONGEST_NAME = 100
MOST_NAMES = 5
MOST_FIELDS = 200
# Where a discount link keeps the page it goes on to, our marks in it: Shopify's /discount/<code>?redirect=…
REDIRECT = "redirect"
# The utm_source of an influencer without an account; two of them can't be told apart by it.
NOBODY = "influencer"


@dataclass(frozen=True)
class LandingNames:
    """What a landing address says: our two utm marks, which count together only, and every `ref` (a slug or a code)."""

    utm_campaign: str = ""
    utm_source: str = ""
    refs: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is named, and no table need be asked."""
        return not (self.utm_campaign or self.refs)


def named_in_landing(url: object) -> LandingNames:
    """The names in an address or a path with a query; empty for anything else.

    >>> named_in_landing("/serum?utm_source=%40noa&utm_medium=influencer&utm_campaign=k3J")
    LandingNames(utm_campaign='k3J', utm_source='@noa', refs=())
    >>> named_in_landing("https://shop.example/?ref=NOA10&ref=&utm_source=news").refs
    ('NOA10',)
    """
    return _named(url) if isinstance(url, str) else LandingNames()


@lru_cache(4096)
def _named(url: str) -> LandingNames:
    """As named_in_landing; each order's is asked for at every step of its judgement."""
    asked = list(queries(url))
    pairs = [(_first(query, "utm_campaign"), _first(query, "utm_source")) for query in asked]
    campaign, source = next((pair for pair in pairs if all(pair)), ("", ""))
    return LandingNames(campaign, source, names(value for query in asked for value in query.get("ref", [])))


def names(values: Iterable[object]) -> tuple[str, ...]:
    """The first few of them that can be a name, as written but for the blanks around, each once.

    >>> names([" NOA10", None, "", "NOA10", "x" * 500, "abc"])
    ('NOA10', 'abc')
    """
    found: dict[str, None] = {}
    for value in values:
        name = value.strip() if isinstance(value, str) else ""
        if name and len(name) <= LONGEST_NAME and name.isprintable():
            found[name] = None
        if len(found) == MOST_NAMES:
            break
    return tuple(found)


def source_mark(accounts: Sequence[Mapping[str, Any]]) -> str:
    """The utm_source of an influencer's links: the first account's handle, else a word that names nobody.

    >>> source_mark([{"network": "tiktok", "handle": "@noa"}]), source_mark([])
    ('@noa', 'influencer')
    """
    return next((str(one.get("handle", "")) for one in accounts), "") or NOBODY


def queries(url: str) -> Iterator[dict[str, list[str]]]:
    """The address's own query, and those of the pages it goes on to; empty ones for what is no address."""
    outer = _query(url)
    yield outer
    for inner in outer.get(REDIRECT, [])[:MOST_NAMES]:
        yield _query(inner)


def _query(url: str) -> dict[str, list[str]]:
    text = url[:LONGEST_ADDRESS].partition("#")[0].partition("?")[2]
    try:
        return parse_qs(text, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}


def _first(query: Mapping[str, list[str]], parameter: str) -> str:
    return next(iter(names(query.get(parameter, []))), "")
