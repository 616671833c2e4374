"""One order followed from its sale to every posting, for one reader: whose it is and why, under which terms, what it
earned by which rule, where that stands in the books, and on which papers.

All readers are shown the same figures. An influencer is shown what concerns them and nobody else's name, code or
share; a brand what concerns its own campaigns. The buyer is shown to nobody: nothing here comes from their data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaigns.models import Acceptance, AttributionDecision, Campaign, Hold, Order, Participation
from campaigns.settlement.disputing.holds import open_hold
from campaigns.settlement.earnings import commission_state
from campaigns.settlement.tracing.entries import Entry, Working, entries_of
from campaigns.tracking.attribution import LISTED_AS

PIECES = tuple(name for name in LISTED_AS.values() if name != "customer_lock")
# What a decision's evidence says of the decision itself, and of nobody in particular.
ABOUT_IT = ("precedence", "won_by", "several_participants", "refused_for", "assigned_because")


@dataclass(frozen=True)
class Reader:
    """For whom an order is followed: `agency`, `brand` or `influencer`, and who that is."""

    role: str
    brand_id: int | None = None
    influencer_id: int | None = None

    def may_know(self, participation: Participation) -> bool:
        """Whether they may know of somebody's part in it."""
        if self.role == "influencer":
            return self.influencer_id is not None and participation.influencer_id == self.influencer_id
        return self.role == "agency" or participation.campaign.brand_id == self.brand_id


@dataclass(frozen=True)
class Ruling:
    """One decision on the order. `participation` is whose it is, where that may be known; else it is somebody else's.

    `credits` says that it is anybody's at all.
    """

    decision: AttributionDecision
    participation: Participation | None
    credits: bool
    in_force: bool
    evidence: Mapping[str, Any]


@dataclass(frozen=True)
class Trace:
    """The whole of it; amounts in minor units of `currency`. `rulings` are newest first, `entries` oldest first.

    Where the order was never the reader's, `shows_amounts` is false and there are no entries.
    """

    order: Order
    rulings: Sequence[Ruling]
    names: Mapping[str, str]  # of whom the evidence speaks, by public id; none for an influencer
    shows_amounts: bool
    campaign: Campaign | None
    acceptance: Acceptance | None
    currency: str
    entries: Sequence[Entry]
    working: Working | None
    commission_minor: int
    agency_minor: int
    state: str
    pending_until: datetime | None
    hold: Hold | None

    @property
    def brand_minor(self) -> int:
        """What the brand pays for it."""
        return self.commission_minor + self.agency_minor


def concerns(decisions: Sequence[AttributionDecision], participants: Mapping[int, str]) -> bool:
    """Whether an order is or was credited to some participants (id -> public id), or came with something of theirs."""
    return any(
        one.participation_id in participants
        or any(piece["participant"] in participants.values() for piece in _pieces(one.evidence))
        for one in decisions
    )


def trace(session: Session, order: Order, reader: Reader, now: datetime) -> Trace:
    """Follow an order for `reader`, who is known to be allowed to see it."""
    decisions = _decisions(session, order)
    people = _people(session, decisions, reader)
    rulings = [_ruling(one, people) for one in reversed(decisions) if _is_told(one, people, reader)]
    theirs = next((one for one in rulings if one.participation is not None), None)
    credited = rulings[0] if rulings and rulings[0].in_force and rulings[0].participation else None
    shows = reader.role != "influencer" or theirs is not None
    entries = entries_of(session, order, reader.role, people) if shows else []
    chosen = theirs.participation if theirs else next(iter(people.values()), None)
    commission = sum(one.earned("influencer_pending") for one in entries)
    agency = sum(one.earned("agency_income") for one in entries)
    hold = open_hold(session, order.id) if credited else None
    until = _returnable_until(credited)
    state = _state(order, credited.participation, entries, until, now, hold) if credited and until else ""
    return Trace(
        order=order,
        rulings=rulings,
        names={one.public_id: one.influencer.name for one in people.values() if reader.role != "influencer"},
        shows_amounts=shows,
        campaign=chosen.campaign if chosen else None,
        acceptance=theirs.decision.acceptance if theirs else None,
        currency=chosen.campaign.currency if chosen else order.currency,
        entries=entries,
        working=_standing(entries, commission, agency),
        commission_minor=commission,
        agency_minor=agency,
        state=state,
        pending_until=until if state == "pending" else None,
        hold=hold,
    )


def _decisions(session: Session, order: Order) -> list[AttributionDecision]:
    return list(
        session.scalars(
            select(AttributionDecision)
            .where(AttributionDecision.order_id == order.id)
            .options(joinedload(AttributionDecision.acceptance))
            .order_by(AttributionDecision.id)
        )
    )


def _people(session: Session, decisions: Sequence[AttributionDecision], reader: Reader) -> dict[int, Participation]:
    """Everyone the decisions speak of whom the reader may know, by id."""
    credited = {one.participation_id for one in decisions if one.participation_id is not None}
    named = {piece["participant"] for one in decisions for piece in _pieces(one.evidence)}
    found = session.scalars(
        select(Participation)
        .where(Participation.id.in_(credited) | Participation.public_id.in_(named))
        .options(joinedload(Participation.influencer), joinedload(Participation.campaign))
    )
    return {one.id: one for one in found if reader.may_know(one)}


def _pieces(evidence: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every piece of evidence that names a participant."""
    found = [piece for name in PIECES for piece in evidence.get(name, [])]
    return found + ([evidence["customer_lock"]] if "customer_lock" in evidence else [])


def _is_told(decision: AttributionDecision, people: Mapping[int, Participation], reader: Reader) -> bool:
    """An influencer is told of decisions for them, and of the one in force; the others of all."""
    return reader.role != "influencer" or decision.superseded_at is None or decision.participation_id in people


def _ruling(decision: AttributionDecision, people: Mapping[int, Participation]) -> Ruling:
    whose = people.get(decision.participation_id) if decision.participation_id is not None else None
    known = {one.public_id for one in people.values()}
    told: dict[str, Any] = {name: decision.evidence[name] for name in ABOUT_IT if name in decision.evidence}
    for name in PIECES:
        pieces = [_dated(piece) for piece in decision.evidence.get(name, []) if piece["participant"] in known]
        told |= {name: pieces} if pieces else {}
    lock = decision.evidence.get("customer_lock")
    if lock and lock["participant"] in known:
        # Not which order that was: who bought what when is the buyer's.
        told["customer_lock"] = {name: fact for name, fact in _dated(lock).items() if name != "order"}
    if whose is not None:
        told |= {name: decision.evidence[name] for name in ("rate", "terms_version") if name in decision.evidence}
    return Ruling(decision, whose, decision.participation_id is not None, decision.superseded_at is None, told)


def _dated(piece: Mapping[str, Any]) -> dict[str, Any]:
    """A piece of evidence with its moment as one."""
    moments = {name: datetime.fromisoformat(piece[name]) for name in ("clicked_at", "placed_at") if name in piece}
    return {**piece, **moments}


def _standing(entries: Sequence[Entry], commission_minor: int, agency_minor: int) -> Working | None:
    """The newest working, if what it came to still stands: after a full refund none does."""
    newest = next((one.working for one in reversed(entries) if one.working), None)
    stands = newest and (newest.commission_minor, newest.agency_minor) == (commission_minor, agency_minor)
    return newest if stands else None


def _returnable_until(credited: Ruling | None) -> datetime | None:
    """When the return window of a credited order is over."""
    if credited is None or credited.decision.acceptance is None:
        return None
    order = credited.decision.order
    return order.placed_at + timedelta(days=credited.decision.acceptance.terms["return_window_days"])


def _state(
    order: Order,
    whose: Participation | None,
    entries: Sequence[Entry],
    until: datetime,
    now: datetime,
    hold: Hold | None,
) -> str:
    stages: dict[str, int] = {}
    for line in (line for entry in entries if entry.kind == "accrual" for line in entry.lines):
        if line.account == "influencer_pending" and line.participation is whose:
            stages[line.stage] = stages.get(line.stage, 0) - line.amount_minor
    return commission_state(order, stages, until, now, hold is not None)
