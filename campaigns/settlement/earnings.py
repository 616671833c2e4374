"""Credited orders as pages list them: each with its commission from the ledger and how far that has come.

A commission is pending while the goods may be returned, then approved; on a statement; paid. It is reversed where the
sale was: cancelled, or given back in full; and held, with a reason, until somebody lets it go. An influencer also sees
the orders that carried their code or link and still are not theirs, with the reason.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Text, case, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload

from campaigns.commissions.ledger import accounts_of, balance
from campaigns.db import unindexed
from campaigns.models import (
    AttributionDecision,
    Hold,
    LedgerAccount,
    LedgerTransaction,
    Order,
    Participation,
    PayoutStatement,
    Posting,
    Statement,
    StatementPosting,
)
from campaigns.settlement.disputing.holds import open_holds
from campaigns.settlement.foreign import sold_in
from campaigns.settlement.paying.dues import given_back, payment_states
from campaigns.tracking.evidence import names, telling

PAGE = 25
MANY = 100  # rows read at a time where not every one counts


@dataclass(frozen=True)
class CreditedOrder:
    """An order, why it is credited, both shares in minor units, and the state of the commission."""

    order: Order
    decision: AttributionDecision
    commission_minor: int
    agency_fee_minor: int
    state: str
    hold: Hold | None = None  # what keeps it back, while its state is held
    pending_until: datetime | None = None  # while its state is pending: until then the goods may come back

    @property
    def brand_charge_minor(self) -> int:
        """What the brand pays for it."""
        return self.commission_minor + self.agency_fee_minor

    @property
    def sold(self) -> tuple[int, int]:
        """Net and refunded in the campaign's currency, by the rate of its day where the order is in another."""
        participation = self.decision.participation
        currency = participation.campaign.currency if participation else self.order.currency
        return sold_in(self.order, self.decision.evidence, currency)


@dataclass(frozen=True)
class Sums:
    """An influencer's money in one currency, minor units: on no statement yet; due and paid, net of payslips."""

    currency: str
    pending_minor: int
    due_minor: int
    paid_minor: int


def credited(
    session: Session,
    campaign_id: int,
    now: datetime,
    participation_id: int | None = None,
    skip: int = 0,
    most: int = PAGE,
) -> list[CreditedOrder]:
    """A page of a campaign's credited orders, newest first, of one participant or of all."""
    mine = AttributionDecision.participation_id
    newest = (Order.placed_at.desc(), Order.id.desc())
    # The page is chosen by moments alone, and only its orders are read whole: sorting takes all a campaign has.
    page = (
        select(AttributionDecision.id)
        .join(Order, Order.id == AttributionDecision.order_id)
        .where(
            AttributionDecision.campaign_id == campaign_id,
            mine.is_not(None) if participation_id is None else mine == participation_id,
            AttributionDecision.superseded_at.is_(None),
        )
        .order_by(*newest)
        .offset(skip)
        .limit(most)
    )
    rows = session.execute(
        select(Order, AttributionDecision)
        .join(AttributionDecision, AttributionDecision.order_id == Order.id)
        .options(
            joinedload(AttributionDecision.acceptance),
            joinedload(AttributionDecision.participation).joinedload(Participation.influencer),
        )
        .where(AttributionDecision.id.in_(page))
        .order_by(*newest)
    ).all()
    return as_credited(session, campaign_id, [(order, decision) for order, decision in rows], now)


def as_credited(
    session: Session,
    campaign_id: int,
    rows: Sequence[tuple[Order, AttributionDecision]],
    now: datetime,
    returned: Collection[int] | None = None,
) -> list[CreditedOrder]:
    """Credited orders of a campaign, each with its commission and how far that has come.

    Who asks many times at one moment gives what was `returned` by banks (`given_back`), which is then read once.
    """
    order_ids = [order.id for order, _ in rows]
    back = given_back(session) if returned is None else returned
    shares, holds = _shares(session, campaign_id, order_ids, back), open_holds(session, Order, order_ids)
    return [
        _credited(order, decision, shares[order.id, decision.participation_id], holds.get(order.id), now)
        for order, decision in rows
    ]


def passed_over(session: Session, participation: Participation, most: int = PAGE) -> list[tuple[Order, str]]:
    """(order, reason) of orders that carried the participant's code or link and are not theirs, newest first.

    The reason is the decision's own, `window_over` for a click too long ago and `lock_over` for an earlier
    order of the buyer, `other` where somebody else is credited, `registered_to_another` where the buyer is theirs
    alone, `manual` where staff decided that. A registration that decided nothing tells of no order.
    """
    speaks_of_them = cast(AttributionDecision.evidence, Text).contains(participation.public_id, autoescape=True)
    rows = session.execute(
        select(Order, AttributionDecision)
        .join(AttributionDecision, AttributionDecision.order_id == Order.id)
        .where(
            AttributionDecision.campaign_id == participation.campaign_id,
            AttributionDecision.superseded_at.is_(None),
            or_(
                AttributionDecision.participation_id.is_(None),
                AttributionDecision.participation_id != participation.id,
            ),
            speaks_of_them,
        )
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .execution_options(yield_per=MANY)
    )
    known = ((order, why_not(one)) for order, one in rows if names(telling(one.evidence), participation.public_id))
    found = list(islice(known, most))
    rows.close()
    return found


def sums(session: Session, influencer_id: int) -> list[Sums]:
    """What an influencer has earned so far, by currency."""
    currencies = session.scalars(
        select(LedgerAccount.currency)
        .where(LedgerAccount.owner_id == influencer_id, LedgerAccount.kind == "influencer_pending")
        .order_by(LedgerAccount.currency)
    )
    due = accounts_of(session, "influencer_due", influencer_id)
    paid = {
        due[account]: int(amount)
        for account, amount in session.execute(
            select(Posting.account_id, func.sum(Posting.amount_minor))
            .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
            .where(Posting.account_id.in_(due), LedgerTransaction.kind.in_(("payout", "payout_returned")))
            .group_by(Posting.account_id)
        )
    }
    return [
        Sums(
            currency,
            -balance(session, "influencer_pending", influencer_id, currency),
            -balance(session, "influencer_due", influencer_id, currency),
            paid.get(currency, 0),
        )
        for currency in currencies
    ]


def statements_of(session: Session, influencer_id: int) -> list[tuple[Statement, str]]:
    """(statement, `due`, `in_payment`, `paid` or `returned`), newest first."""
    newest = select(Statement).where(Statement.influencer_id == influencer_id).order_by(Statement.id.desc())
    states = payment_states(session, influencer_id)
    found = session.scalars(newest.options(joinedload(Statement.document)))
    return [(statement, states.get(statement.id, "due")) for statement in found]


def commission_state(
    taken_back: bool, stages: Mapping[str, int], returnable_until: datetime, now: datetime, held: bool = False
) -> str:
    """How far a commission has come; `stages` are its amounts by `open`, `in_statement` and `paid`."""
    if taken_back:
        return "reversed"
    if held and (stages.get("open") or not any(stages.values())):
        return "held"
    if not stages.get("open") and (stages.get("in_statement") or stages.get("paid")):
        return "paid" if stages.get("paid") else "in_statement"
    return "pending" if now < returnable_until else "approved"


def taken_back(order: Order) -> bool:
    """Whether nothing is left of a sale: it was cancelled, or given back in full."""
    return order.state == "cancelled" or 0 < order.net_minor <= order.refunded_minor


def _credited(
    order: Order,
    decision: AttributionDecision,
    shares: Mapping[tuple[str, str], int],
    hold: Hold | None,
    now: datetime,
) -> CreditedOrder:
    stages = {stage: amount for (kind, stage), amount in shares.items() if kind == "influencer_pending"}
    days = decision.acceptance.terms["return_window_days"] if decision.acceptance else 0
    returnable_until = order.placed_at + timedelta(days=days)
    state = commission_state(taken_back(order), stages, returnable_until, now, hold is not None)
    return CreditedOrder(
        order=order,
        decision=decision,
        commission_minor=sum(stages.values()),
        agency_fee_minor=sum(amount for (kind, _), amount in shares.items() if kind == "agency_income"),
        state=state,
        hold=hold if state == "held" else None,
        pending_until=returnable_until if state == "pending" else None,
    )


def _shares(
    session: Session, campaign_id: int, order_ids: Sequence[int], returned: Collection[int]
) -> Mapping[tuple[int, int | None], Mapping[tuple[str, str], int]]:
    """(order, participation) -> (account kind, stage) -> what was earned, minor units."""
    stage = case(
        (PayoutStatement.statement_id.in_(returned), "in_statement"),
        (PayoutStatement.statement_id.is_not(None), "paid"),
        (StatementPosting.statement_id.is_not(None), "in_statement"),
        else_="open",
    ).label("stage")
    rows = session.execute(
        select(
            LedgerTransaction.order_id,
            Posting.participation_id,
            LedgerAccount.kind,
            stage,
            func.sum(Posting.amount_minor),
        )
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        # By campaign or account SQLite would read all their postings for each slice of orders.
        .join(LedgerAccount, LedgerAccount.id == unindexed(Posting.account_id))
        .outerjoin(StatementPosting, StatementPosting.posting_id == Posting.id)
        .outerjoin(PayoutStatement, PayoutStatement.statement_id == StatementPosting.statement_id)
        .where(
            LedgerTransaction.order_id.in_(order_ids),
            LedgerTransaction.kind == "accrual",
            LedgerAccount.kind.in_(("influencer_pending", "agency_income")),
            unindexed(Posting.campaign_id) == campaign_id,
        )
        .group_by(LedgerTransaction.order_id, Posting.participation_id, LedgerAccount.kind, "stage")
    )
    shares: dict[tuple[int, int | None], dict[tuple[str, str], int]] = defaultdict(dict)
    for order_id, participation_id, kind, reached, amount in rows:
        shares[order_id, participation_id][kind, reached] = -int(amount)
    return shares


def why_not(decision: AttributionDecision) -> str:
    """Why an order with something of an influencer's is not theirs, as `passed_over` tells it."""
    if decision.participation_id is not None:
        other = "registered_to_another" if decision.reason == "registered" else "other"
        return "manual" if decision.decided_by_user_id is not None else other
    if decision.reason == "none":
        return "window_over" if "clicks" in decision.evidence else "lock_over"
    return decision.reason
