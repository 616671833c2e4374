"""An order or a contact followed to every posting, for one reader: whose it is and why, under which terms, what it
earned by which rule, where that stands in the books, and on which papers.

All readers are shown the same figures. An influencer is shown what concerns them and nobody else's name, code or
share; a brand what concerns its own campaigns. The buyer, or whoever called, is shown to nobody: nothing here comes
from their data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaigns.models import Acceptance, Campaign, Contact, Hold, Participation
from campaigns.settlement.causes import Cause
from campaigns.settlement.disputing.holds import open_hold
from campaigns.settlement.earnings import commission_state, taken_back
from campaigns.settlement.tracing.entries import Entry, Working, entries_of
from campaigns.settlement.tracing.readers import Reader, Ruling
from campaigns.settlement.tracing.rulings import rulings_on


@dataclass(frozen=True)
class Trace:
    """The whole of it; amounts in minor units of `currency`. `rulings` are newest first, `entries` oldest first.

    Where it was never the reader's, `shows_amounts` is false and there are no entries.
    """

    cause: Cause
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


def trace(session: Session, cause: Cause, reader: Reader, now: datetime) -> Trace:
    """Follow an order or a contact for `reader`, who is known to be allowed to see it."""
    rulings, people = rulings_on(session, cause, reader)
    theirs = next((one for one in rulings if one.participation is not None), None)
    credited = rulings[0] if rulings and rulings[0].in_force and rulings[0].participation else None
    shows = reader.role != "influencer" or theirs is not None
    entries = entries_of(session, cause, reader.role, people) if shows else []
    chosen = theirs.participation if theirs else next(iter(people.values()), None)
    commission = sum(one.earned("influencer_pending") for one in entries)
    agency = sum(one.earned("agency_income") for one in entries)
    hold = open_hold(session, cause) if credited else None
    until = _returnable_until(cause, credited)
    state = _state(cause, credited.participation, entries, until, now, hold) if credited and until else ""
    return Trace(
        cause=cause,
        rulings=rulings,
        names={one.public_id: one.influencer.name for one in people.values() if reader.role != "influencer"},
        shows_amounts=shows,
        campaign=chosen.campaign if chosen else None,
        acceptance=theirs.acceptance if theirs else None,
        currency=chosen.campaign.currency if chosen else _own_currency(cause),
        entries=entries,
        working=_standing(entries, commission, agency),
        commission_minor=commission,
        agency_minor=agency,
        state=state,
        pending_until=until if state == "pending" else None,
        hold=hold,
    )


def _own_currency(cause: Cause) -> str:
    return cause.shop.currency if isinstance(cause, Contact) else cause.currency


def _standing(entries: Sequence[Entry], commission_minor: int, agency_minor: int) -> Working | None:
    """The newest working, if what it came to still stands: after a full refund none does."""
    newest = next((one.working for one in reversed(entries) if one.working), None)
    stands = newest and (newest.commission_minor, newest.agency_minor) == (commission_minor, agency_minor)
    return newest if stands else None


def _returnable_until(cause: Cause, credited: Ruling | None) -> datetime | None:
    """When the return window of a credited order is over; a contact has none, and none at all where nothing pays it."""
    if credited is None or credited.acceptance is None:
        return None
    if isinstance(cause, Contact):
        return cause.happened_at if "leads" in credited.acceptance.terms else None
    return cause.placed_at + timedelta(days=credited.acceptance.terms["return_window_days"])


def _state(
    cause: Cause,
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
    gone = cause.status == "rejected" if isinstance(cause, Contact) else taken_back(cause)
    return commission_state(gone, stages, until, now, hold is not None)
