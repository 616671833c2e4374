"""What somebody's money waits for: days of return, papers, a statement to be paid, the bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.models import Influencer, Participation, PayoutLine, Statement
from campaigns.settlement.earnings import Sums, statements_of, sums
from campaigns.settlement.exchanging.standing import paper_states
from campaigns.settlement.paying.payments import payments_of
from campaigns.settlement.pending import Pending, pending_of

THEIR_TURN = ("missing", "ours")  # a paper they owe, or one we wrote that they have not answered


@dataclass(frozen=True)
class Waiting:
    """Money on its way, and whose turn it is."""

    sums: list[Sums]
    pending: list[tuple[Participation, Pending]]
    papers: list[tuple[Statement, str]]
    payments: list[PayoutLine]

    @property
    def anything(self) -> bool:
        """Whether there is something to tell."""
        return bool(self.pending or self.papers or self.payments or any(one.due_minor for one in self.sums))


def waiting(session: Session, me: Influencer, mine: Sequence[Participation], now: datetime) -> Waiting:
    """Everything of one person, as it stands."""
    pending = pending_of(session, [one.id for one in mine], now)
    unpaid = [one for one, state in statements_of(session, me.id) if state != "paid"]
    states = paper_states(session, unpaid, now.date())
    return Waiting(
        sums=sums(session, me.id),
        pending=[(one, pending[one.id]) for one in mine if one.id in pending],
        papers=[(one, states[one.id]) for one in unpaid if states.get(one.id) in THEIR_TURN],
        payments=[one for one in payments_of(session, me.id) if one.status == "released"],
    )
