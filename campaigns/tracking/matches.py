"""What in an order points to whom: the facts that attribution.py judges, already gathered.

A `Candidate` carries all that is judged about a participant, so the rule asks no table. Codes are compared folded.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal


@dataclass(frozen=True)
class Candidate:
    """A participant whom a code or a click points to, with all that is judged about them."""

    participation_id: int
    participant: str  # public id, for the evidence
    campaign_id: int
    campaign_currency: str
    earns_from: datetime
    earns_to: datetime
    ended_at: datetime | None  # this code was ended, or this person left, at that moment
    precedence: str
    link_window: timedelta
    person_keys: frozenset[str]  # keyed hashes of the influencer's own e-mail and phone


@dataclass(frozen=True)
class CodeMatch:
    """A code on the order that is registered for a participant of this shop."""

    code: str
    candidate: Candidate
    typed_by_staff: bool = False


@dataclass(frozen=True)
class ClickMatch:
    """A click id on the order that is one of this shop's campaigns'."""

    click_id: str
    clicked_at: datetime
    candidate: Candidate


@dataclass(frozen=True)
class NamedMatch:
    """A participant named in text: in the landing address (tracking/landing.py), or by the platform's affiliate field.

    `value` is what named them, as it stood there.
    """

    how: Literal["landing", "affiliate"]
    value: str
    candidate: Candidate


@dataclass(frozen=True)
class LockMatch:
    """The same buyer's earlier order, credited by evidence of its own: for the time of `lock` the next ones follow it.

    An order that is credited by the lock only does not lock again, or the time would never run out.
    """

    order: str  # the earlier order's public id or number, for the evidence
    placed_at: datetime
    candidate: Candidate
    lock: timedelta


@dataclass(frozen=True)
class RegisteredMatch:
    """A registration of the order's buyer that was entered before the order was placed.

    `candidate.ended_at` is also the moment somebody ended the registration. Judged by moments that never change, so
    an order read again years later is decided as it was.
    """

    registration: str  # its public id, for the evidence
    registered_at: datetime
    binds_until: datetime
    exclusive: bool
    candidate: Candidate


@dataclass(frozen=True)
class OrderFacts:
    """What is judged about an order.

    `rates` are by campaign: the rate of the order's day, for the evidence, where the campaign is in another currency.
    """

    placed_at: datetime
    status: str
    currency: str | None  # None of a contact, which has no amount
    test: bool
    person_keys: frozenset[str]
    unknown_codes: tuple[str, ...] = ()
    rates: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)


def fold(code: str) -> str:
    """A code as it is compared: compatibility forms unified, case folded, all white space gone.

    >>> fold(" noa 10 "), fold("ＮＯＡ１０")
    ('NOA10', 'NOA10')
    """
    return "".join(unicodedata.normalize("NFKC", code).split()).upper()
