"""Whose sale is it? One pure function from facts to a decision with a reason and its evidence.

Every order gets a decision, also `none` and the refusals. docs/attribution.md has the table; its rows are the tests.
Times are judged at the moment the order was placed, codes without regard to case and spaces.
"""

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from campaigns.clock import iso

# Shops stamp whole seconds, by clocks that may run behind ours: a click this much after its order still led to it.
CLOCK_TOLERANCE = timedelta(minutes=5)


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
class OrderFacts:
    """What is judged about an order."""

    placed_at: datetime
    status: str
    currency: str
    test: bool
    person_keys: frozenset[str]
    unknown_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decision:
    """The outcome: `winner` is None for `none` and for refusals; `concerned` is whom the evidence speaks of."""

    reason: str
    winner: Candidate | None
    concerned: Candidate | None
    evidence: dict[str, Any] = field(default_factory=dict)


def fold(code: str) -> str:
    """A code as it is compared: compatibility forms unified, case folded, all white space gone.

    >>> fold(" noa 10 "), fold("ＮＯＡ１０")
    ('NOA10', 'NOA10')
    """
    return "".join(unicodedata.normalize("NFKC", code).split()).upper()


def decide(order: OrderFacts, codes: list[CodeMatch], clicks: list[ClickMatch]) -> Decision:
    """The decision on one order. `codes` come in the shop's order: of several valid ones the first is credited."""
    judged_codes = [(match, _code_verdict(order, match)) for match in codes]
    judged_clicks = [(match, _click_verdict(order, match)) for match in clicks]
    evidence = _evidence(order, judged_codes, judged_clicks)
    coupon = next((match for match, verdict in judged_codes if verdict == "valid"), None)
    click = max(
        (match for match, verdict in judged_clicks if verdict == "valid"),
        key=lambda match: (match.clicked_at, match.click_id),
        default=None,
    )
    pointing = [match.candidate for match in (coupon, click, *codes, *clicks) if match is not None]
    concerned = pointing[0] if pointing else None
    if order.test:
        return Decision("refused_test", None, concerned, evidence)
    if coupon is None and click is None:
        outside = any(verdict in ("outside_dates", "ended") for _, verdict in [*judged_codes, *judged_clicks])
        return Decision("refused_outside_dates" if outside else "none", None, concerned, evidence)
    reason, winner = _choose(coupon, click, evidence)
    refusal = _refusal(order, winner)
    if refusal:
        evidence["refused_for"] = reason
        return Decision(refusal, None, winner, evidence)
    return Decision(reason, winner, winner, evidence)


def _code_verdict(order: OrderFacts, match: CodeMatch) -> str:
    candidate = match.candidate
    if candidate.ended_at is not None and order.placed_at >= candidate.ended_at:
        return "ended"
    if not candidate.earns_from <= order.placed_at <= candidate.earns_to:
        return "outside_dates"
    return "valid"


def _click_verdict(order: OrderFacts, match: ClickMatch) -> str:
    if match.clicked_at > order.placed_at + CLOCK_TOLERANCE:
        return "after_order"
    if order.placed_at > match.clicked_at + match.candidate.link_window:
        return "window_over"
    return _code_verdict(order, CodeMatch("", match.candidate))


def _choose(coupon: CodeMatch | None, click: ClickMatch | None, evidence: dict[str, Any]) -> tuple[str, Candidate]:
    if coupon is None or click is None:
        only = coupon or click
        assert only is not None
        return ("coupon" if coupon else "link"), only.candidate
    precedence = coupon.candidate.precedence
    evidence["precedence"] = precedence
    evidence["won_by"] = precedence
    return "both", (coupon if precedence == "coupon" else click).candidate


def _refusal(order: OrderFacts, winner: Candidate) -> str | None:
    if order.currency != winner.campaign_currency:
        return "refused_currency"
    if order.person_keys & winner.person_keys:
        return "refused_self_purchase"
    if order.status == "pending":
        return "refused_unpaid"
    return None


def _evidence(
    order: OrderFacts, codes: list[tuple[CodeMatch, str]], clicks: list[tuple[ClickMatch, str]]
) -> dict[str, Any]:
    evidence: dict[str, Any] = {}
    if codes:
        evidence["codes"] = [
            {"code": match.code, "participant": match.candidate.participant, "verdict": verdict}
            | ({"typed_by_staff": True} if match.typed_by_staff else {})
            for match, verdict in codes
        ]
    if order.unknown_codes:
        evidence["unknown_codes"] = list(order.unknown_codes)
    if clicks:
        evidence["clicks"] = [
            {
                "click_id": match.click_id,
                "clicked_at": iso(match.clicked_at),
                "participant": match.candidate.participant,
                "verdict": verdict,
            }
            for match, verdict in clicks
        ]
    people = {match.candidate.participation_id for match, verdict in codes if verdict == "valid"}
    people |= {match.candidate.participation_id for match, verdict in clicks if verdict == "valid"}
    if len(people) > 1:
        evidence["several_participants"] = True
    return evidence
