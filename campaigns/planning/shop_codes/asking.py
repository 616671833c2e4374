"""What shops are asked about one code, and what their answers say: plain values, and no request is made here.

A platform's `Way` makes calls and reads answers. A call carries the credentials in its headers only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from campaigns.addresses import Unreachable
from campaigns.clock import iso
from campaigns.errors import DomainError, Said, Unreadable
from campaigns.outbound import Answer
from campaigns.tracking.json_body import read_json
from campaigns.tracking.shop_api import REFUSED

Credentials = Mapping[str, str]
# What reading an answer of another shape than the API's ends in.
MISREAD = (Unreadable, KeyError, TypeError, ValueError, AttributeError, ArithmeticError)


class Taken(DomainError):
    """Raised when the shop has a code of this text already; whether it is ours must be looked at."""


class Refused(DomainError):
    """Raised when the shop will not have this code, and asking again changes nothing until somebody does something."""


@dataclass(frozen=True)
class Call:
    """A request: its path behind the address of the shop's API, its headers, its document."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True)
class Wanted:
    """A code as it shall be in the shop: for everybody, for everything, from and to a second."""

    code: str
    percent_off: int
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Found:
    """A code as it is in the shop. `percent_off` None: it takes off something else; `begins` None: from the start."""

    external_id: str
    percent_off: Decimal | None
    begins: datetime | None
    ends: datetime | None
    restricted: bool  # not for everybody, or not for everything, or not as often as one likes
    usage: int
    over: bool  # switched off there


@dataclass(frozen=True)
class Way:
    """How one platform is asked. `created` raises Taken and Refused; all readers raise Unreachable."""

    look_up: Callable[[Credentials, str], Call]
    found: Callable[[Answer, str], Found | None]
    create: Callable[[Credentials, Wanted], Call]
    created: Callable[[Answer, Wanted], str]
    end: Callable[[Credentials, Found, datetime], Call]
    ended: Callable[[Answer], None]
    knows_beginning: bool  # else a code works from the moment it is created


def difference(wanted: Wanted, found: Found) -> Said | None:
    """What keeps a code found in the shop from being the one we want; None where it may be taken for ours."""
    if found.percent_off != wanted.percent_off:
        there = "?" if found.percent_off is None else f"{found.percent_off.normalize():f}%"
        return Said(
            "the shop has this code already, with %(there)s off instead of %(here)s",
            there=there, here=f"{wanted.percent_off}%",
        )  # fmt: skip
    if found.ends != wanted.ends or found.begins not in (None, wanted.begins):
        there = iso(found.ends) if found.ends else "–"
        return Said(
            "the shop has this code already, for other dates: until %(there)s instead of %(here)s",
            there=there, here=iso(wanted.ends),
        )  # fmt: skip
    if found.restricted:
        return Said("the shop has this code already, with conditions of its own")
    return Said("the shop has this code already, and it is switched off there") if found.over else None


def document_of(answer: Answer, *good: int) -> Any:
    """The JSON document of an answer of one of these statuses; raises Unreachable."""
    if answer.status in REFUSED:
        raise Unreachable(Said("the shop's API refuses the credentials, or they may not write discounts"))
    if answer.status not in good:
        raise Unreachable(Said("the shop's API answered with status %(code)s", code=answer.status))
    try:
        return read_json(answer.body)
    except Unreadable as error:
        raise not_its_api() from error


def not_its_api() -> Unreachable:
    """For an answer that no such API gives."""
    return Unreachable(Said("what answers at the shop's address is not its API"))


def refusal(words: object) -> Refused:
    """A shop's own words for why it won't have a code, cut to a length."""
    return Refused(Said("the shop refuses the code: %(reason)s", reason=str(words)[:200]))
