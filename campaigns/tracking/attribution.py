"""Whose sale is it? One pure function from facts to a decision with a reason and its evidence.

Every order gets a decision, also `none` and the refusals. docs/attribution.md has the table; its rows are the tests.
Times are judged at the moment the order was placed, codes without regard to case and spaces. A customer who was
registered to somebody alone is theirs whatever the order carries. Else codes and clicks come first, by the precedence
of the terms; only where neither holds is anything else asked: the name in a landing address, then the platform's own
affiliate field, then an earlier order of the same buyer, then a registration that came late. The evidence lists all.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from campaigns.clock import iso
from campaigns.tracking.matches import (
    Candidate,
    ClickMatch,
    CodeMatch,
    LockMatch,
    NamedMatch,
    OrderFacts,
    RegisteredMatch,
    fold,
)

__all__ = [
    "CLOCK_TOLERANCE", "Candidate", "ClickMatch", "CodeMatch", "Decision", "LockMatch", "NamedMatch", "OrderFacts",
    "RegisteredMatch", "decide", "fold",
]  # fmt: skip

# Shops stamp whole seconds, by clocks that may run behind ours: a click this much after its order still led to it.
CLOCK_TOLERANCE = timedelta(minutes=5)

# The kinds of evidence in the order they count, and where the evidence lists each.
LISTED_AS = {
    "registered": "registrations",
    "coupon": "codes",
    "link": "clicks",
    "landing": "landing",
    "affiliate": "affiliates",
    "customer_lock": "customer_lock",
    "registered_late": "registrations",
}
# What a shop knows of a buyer: nothing on the order itself.
OF_THE_BUYER = ("registered", "customer_lock", "registered_late")
# Why one won over another by evidence of the same kind.
WON_AMONG = {
    "registered": "first registration",
    "registered_late": "first registration",
    "coupon": "first code",
    "link": "last click",
    "landing": "first landing name",
    "affiliate": "first affiliate name",
}


class Decision(NamedTuple):
    """The outcome: `winner` is None for `none` and for refusals; `concerned` is whom the evidence speaks of."""

    reason: str
    winner: Candidate | None
    concerned: Candidate | None
    evidence: dict[str, Any]


class _Piece(NamedTuple):
    """One piece of evidence, judged; `told` is how the evidence lists it."""

    kind: str
    candidate: Candidate
    verdict: str
    told: dict[str, Any]


def decide(
    order: OrderFacts,
    codes: Sequence[CodeMatch],
    clicks: Sequence[ClickMatch],
    named: Sequence[NamedMatch] = (),
    lock: LockMatch | None = None,
    registered: Sequence[RegisteredMatch] = (),
) -> Decision:
    """The decision on one order.

    `codes` and `named` come in the shop's order: of several valid ones the first is credited, of clicks the last, of
    registrations the first that was entered.
    """
    pieces = _judged(order, codes, clicks, named, lock, registered)
    ranked = _ranked(pieces)
    evidence = _evidence(order, pieces)
    best = next(iter(ranked or pieces), None)
    concerned = best.candidate if best else None
    if order.test:
        return Decision("refused_test", None, concerned, evidence)
    if not ranked:
        # What is known of the buyer alone is no refusal: this order came with nothing that points to anyone.
        outside = any(one.verdict in ("outside_dates", "ended") for one in pieces if one.kind not in OF_THE_BUYER)
        return Decision("refused_outside_dates" if outside else "none", None, concerned, evidence)
    winner = ranked[0].candidate
    reason = _reason(ranked)
    if reason == "both":
        evidence["precedence"] = ranked[0].kind
    if "several_participants" in evidence:
        evidence["won_by"] = _won_by(ranked)
    refusal = _refusal(order, winner)
    if refusal:
        evidence["refused_for"] = reason
        return Decision(refusal, None, winner, evidence)
    if order.currency not in (None, winner.campaign_currency):
        evidence["rate"] = dict(order.rates[winner.campaign_id])
    return Decision(reason, winner, winner, evidence)


def _judged(
    order: OrderFacts,
    codes: Sequence[CodeMatch],
    clicks: Sequence[ClickMatch],
    named: Sequence[NamedMatch],
    lock: LockMatch | None,
    registered: Sequence[RegisteredMatch],
) -> list[_Piece]:
    """Every piece of evidence with its verdict: codes, clicks from the first to the last, names, the buyer's own."""
    pieces = [_code(order, match) for match in codes]
    in_time = sorted(clicks, key=lambda match: (match.clicked_at, match.click_id, match.candidate.participation_id))
    judged_clicks = [_click(order, match) for match in in_time]
    by_click = {one.candidate.participation_id: one.verdict for one in judged_clicks}
    landed = [_landing(order, match, by_click) for match in named if match.how == "landing"]
    affiliates = [_name(match, _dated(order, match.candidate)) for match in named if match.how == "affiliate"]
    entered = [_registered(order, match) for match in sorted(registered, key=_first_entered)]
    return [*pieces, *judged_clicks, *landed, *affiliates, *([_lock(order, lock)] if lock else []), *entered]


def _dated(order: OrderFacts, candidate: Candidate) -> str:
    if candidate.ended_at is not None and order.placed_at >= candidate.ended_at:
        return "ended"
    if not candidate.earns_from <= order.placed_at <= candidate.earns_to:
        return "outside_dates"
    return "valid"


def _code(order: OrderFacts, match: CodeMatch) -> _Piece:
    by_staff = {"typed_by_staff": True} if match.typed_by_staff else {}
    return _piece("coupon", match.candidate, _dated(order, match.candidate), {"code": match.code}, by_staff)


def _click(order: OrderFacts, match: ClickMatch) -> _Piece:
    if match.clicked_at > order.placed_at + CLOCK_TOLERANCE:
        verdict = "after_order"
    elif order.placed_at > match.clicked_at + match.candidate.link_window:
        verdict = "window_over"
    else:
        verdict = _dated(order, match.candidate)
    told = {"click_id": match.click_id, "clicked_at": iso(match.clicked_at)}
    return _piece("link", match.candidate, verdict, told)


def _landing(order: OrderFacts, match: NamedMatch, by_click: dict[int, str]) -> _Piece:
    """Our redirect writes names beside the click's id: there the click is judged, or its window would mean nothing."""
    return _name(match, by_click.get(match.candidate.participation_id) or _dated(order, match.candidate))


def _name(match: NamedMatch, verdict: str) -> _Piece:
    return _piece(match.how, match.candidate, verdict, {"value": match.value})


def _lock(order: OrderFacts, match: LockMatch) -> _Piece:
    if match.placed_at > order.placed_at:
        verdict = "after_order"
    elif order.placed_at > match.placed_at + match.lock:
        verdict = "lock_over"
    else:
        verdict = _dated(order, match.candidate)
    told = {"order": match.order, "placed_at": iso(match.placed_at), "lock_days": match.lock.days}
    return _piece("customer_lock", match.candidate, verdict, told)


def _first_entered(match: RegisteredMatch) -> tuple[datetime, str]:
    return match.registered_at, match.registration


def _registered(order: OrderFacts, match: RegisteredMatch) -> _Piece:
    """Who registered the buyer; evidence says since when, and nothing of who the buyer is."""
    verdict = "registration_over" if order.placed_at > match.binds_until else _dated(order, match.candidate)
    told = {"registration": match.registration, "registered_at": iso(match.registered_at), "alone": match.exclusive}
    return _piece("registered" if match.exclusive else "registered_late", match.candidate, verdict, told)


def _piece(
    kind: str, candidate: Candidate, verdict: str, told: dict[str, Any], more: dict[str, Any] | None = None
) -> _Piece:
    judged = {"participant": candidate.participant, "verdict": verdict}
    return _Piece(kind, candidate, verdict, {**told, **judged, **(more or {})})


def _ranked(pieces: Sequence[_Piece]) -> list[_Piece]:
    """The valid pieces, the one that decides first. Codes' terms say whether codes or clicks come first."""
    of: dict[str, list[_Piece]] = {kind: [] for kind in LISTED_AS}
    for one in pieces:
        if one.verdict == "valid":
            of[one.kind].append(one)
    of["link"].reverse()
    if of["coupon"] and of["coupon"][0].candidate.precedence == "link":
        of = {"registered": of["registered"], "link": of["link"], **of}
    return [one for kind in of for one in of[kind]]


def _reason(ranked: Sequence[_Piece]) -> str:
    first, kinds = ranked[0].kind, {one.kind for one in ranked}
    return "both" if first in ("coupon", "link") and {"coupon", "link"} <= kinds else first


def _won_by(ranked: Sequence[_Piece]) -> str:
    """What put the winner before the next participant: a kind of evidence, or a place among those of one kind."""
    first = ranked[0]
    other = next((one for one in ranked if one.candidate.participation_id != first.candidate.participation_id), None)
    if other is None:
        return "only valid"
    if other.kind == first.kind:
        return WON_AMONG[first.kind]
    return first.kind if first.kind in ("registered", "coupon", "link") else f"{first.kind} before {other.kind}"


def _refusal(order: OrderFacts, winner: Candidate) -> str | None:
    if order.currency not in (None, winner.campaign_currency) and winner.campaign_id not in order.rates:
        return "refused_currency"
    if order.person_keys & winner.person_keys:
        return "refused_self_purchase"
    if order.status == "pending":
        return "refused_unpaid"
    return None


def _evidence(order: OrderFacts, pieces: Iterable[_Piece]) -> dict[str, Any]:
    """All of it, by kind; two participants are marked, whatever became of either."""
    evidence: dict[str, Any] = {}
    people = set()
    for one in pieces:
        people.add(one.candidate.participation_id)
        if one.kind == "customer_lock":
            evidence[LISTED_AS[one.kind]] = one.told
        else:
            evidence.setdefault(LISTED_AS[one.kind], []).append(one.told)
    if order.unknown_codes:
        evidence["unknown_codes"] = list(order.unknown_codes)
    if len(people) > 1:
        evidence["several_participants"] = True
    return evidence
