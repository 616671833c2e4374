"""What in an order points to an influencer: the codes a buyer entered, and the id of the click that brought them.

Evidence never makes an order unreadable. It stands in fields that any theme, app or visitor can fill with anything;
what is not evidence is passed over.
"""

import re
from collections.abc import Iterable
from typing import Any

from campaigns.tracking.json_body import LONGEST_TEXT
from campaigns.tracking.landing import queries

# The parameter our redirect appends to a landing URL, and the names a shop's theme may store it under.
CLICK_PARAMETER = "click_id"
CLICK_FIELDS = frozenset({"click_id", "_click_id", "_aff_click"})
LONGEST_URL = 2000

_CLICK_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_MOST = 20


def distinct_codes(codes: Iterable[Any]) -> tuple[str, ...]:
    """The codes as sent, in their order, without blanks and without a second writing of the same code.

    >>> distinct_codes(["Noa10", "", "FREESHIP", "NOA10 ", None, 2026])
    ('Noa10', 'FREESHIP', '2026')
    """
    kept: dict[str, str] = {}
    for sent in codes:
        code = str(sent) if isinstance(sent, int) and not isinstance(sent, bool) else sent
        if isinstance(code, str) and len(code) <= LONGEST_TEXT and _storable(code) and code.strip():
            kept.setdefault(code.strip().casefold(), code)
    return tuple(kept.values())


def click_ids(explicit: Iterable[Any], landing_url: Any) -> tuple[str, ...]:
    """Click ids an order carries: those written into it first, then those of its landing URL's query.

    >>> click_ids(["abc"], "/sale?ref=x&click_id=k_1&click_id=abc#top")
    ('abc', 'k_1')
    >>> click_ids([], "/discount/NOA10?redirect=%2Fsale%3Fclick_id%3Dk_1")
    ('k_1',)
    """
    found = [value for value in explicit if isinstance(value, str) and _CLICK_ID.fullmatch(value)]
    if isinstance(landing_url, str) and "?" in landing_url:
        values = (value for query in queries(landing_url) for value in query.get(CLICK_PARAMETER, []))
        found += [value for value in values if _CLICK_ID.fullmatch(value)]
    return tuple(dict.fromkeys(found))[:_MOST]


def click_fields(pairs: Any, key: str) -> list[Any]:
    """The values of a list of `{key: …, "value": …}` pairs that are named as a click id is.

    >>> click_fields([{"name": "colour", "value": "red"}, {"name": "click_id", "value": "k1"}], "name")
    ['k1']
    """
    named = [pair for pair in loose_pairs(pairs) if isinstance(pair.get(key), str)]
    return [pair.get("value") for pair in named if pair[key] in CLICK_FIELDS]


def affiliates(values: Iterable[Any]) -> tuple[str, ...]:
    """What a platform's own affiliate fields say, as sent: whether it names one of ours is the decision's to judge.

    >>> affiliates(["noa", "", None])
    ('noa',)
    """
    return distinct_codes(value for value in values if isinstance(value, str))[:_MOST]


def loose_pairs(pairs: Any) -> list[dict[str, Any]]:
    """The objects of a list that anybody may have filled; PHP writes one with holes as `{"0": …, "2": …}`."""
    listed = list(pairs.values()) if isinstance(pairs, dict) else pairs if isinstance(pairs, list) else []
    return [pair for pair in listed if isinstance(pair, dict)]


def landing_url(value: Any) -> str | None:
    """A landing URL or path to keep, cut to a length; None where there is none."""
    if not isinstance(value, str) or not value.strip() or not _storable(value):
        return None
    return value.strip()[:LONGEST_URL]


def _storable(value: str) -> bool:
    return _UNSTORABLE.search(value) is None
