"""`books check`: every invariant of the house, recomputed from the rows. One line per breach, none in good books.

The letters are those of docs/commissions.md. Run after every story of the test suite, before every closing, and by
the worker every ten minutes.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from campaigns.commissions.accrual import TARGETS
from campaigns.commissions.ledger import difference, earned_by_participation, posted_for_orders
from campaigns.commissions.run import Earned
from campaigns.db import one_moment
from campaigns.models import (
    AffiliateLink,
    AttributionDecision,
    Campaign,
    Click,
    Document,
    LedgerAccount,
    LedgerTransaction,
    Order,
    OrderDeletion,
    OrderRefund,
    Participation,
    Posting,
    Statement,
    StatementPosting,
)
from campaigns.settlement.books.bills import breaches_of_bills
from campaigns.settlement.books.contacts import breaches_of_contacts
from campaigns.settlement.books.issued import breaches_of_issued
from campaigns.settlement.books.papers import breaches_of_papers
from campaigns.settlement.books.payouts import breaches_of_payouts
from campaigns.settlement.books.payslips import breaches_of_payslips
from campaigns.settlement.books.wallets import breaches_of_wallets
from campaigns.tracking.click_days import differences
from campaigns.tracking.decisions import credit_of
from campaigns.tracking.evidence import repeated
from campaigns.tracking.rates import rate_in
from campaigns.tracking.valued import Credited, earn
from campaigns.tracking.worth import stored_worth, worth

ORDERS_AT_ONCE = 500
Told = TypeVar("Told", OrderRefund, OrderDeletion)
ACCRUAL_KINDS = ("brand_receivable", "influencer_pending", "agency_income")


def breaches(session: Session, seal_key: bytes | None = None) -> list[str]:
    """Every breach of every invariant, in words; begun outside of a transaction, all of one moment.

    `seal_key` is that of papers' seals, which can't be compared without it.
    """
    one_moment(session)
    return [*breaches_of_money(session, seal_key), *breaches_of_clicks(session)]


def breaches_of_money(session: Session, seal_key: bytes | None = None) -> list[str]:
    """All but the clicks, whose rows may be a hundred million."""
    one_moment(session)
    return [
        *_unbalanced(session),
        *_brand_charges(session),
        *breaches_of_orders(session),
        *_decisions(session),
        *_statements(session),
        *breaches_of_issued(session, seal_key),
        *_closed_reports(session),
        *breaches_of_payouts(session),
        *breaches_of_payslips(session),
        *breaches_of_papers(session),
        *breaches_of_wallets(session),
        *breaches_of_bills(session),
        *breaches_of_contacts(session),
    ]


def breaches_of_orders(session: Session, campaign_id: int | None = None) -> list[str]:
    """I4: what is posted for each order is its target; and its stored worth is what its rows give.

    Read some hundred orders at a time, not one by one: a closing holds its campaign while this runs.
    """
    decisions = select(AttributionDecision).where(AttributionDecision.superseded_at.is_(None))
    if campaign_id is not None:
        decisions = decisions.where(AttributionDecision.campaign_id == campaign_id)
    wanted = decisions.order_by(AttributionDecision.order_id).options(
        joinedload(AttributionDecision.order),
        joinedload(AttributionDecision.acceptance),
        joinedload(AttributionDecision.participation).joinedload(Participation.campaign),
    )
    found: list[str] = []
    earned = _Earnings(session)
    for some in session.scalars(wanted).partitions(ORDERS_AT_ONCE):
        found += _order_breaches(session, some, earned)
    return found


class _Earnings:
    """What orders earn, worked out anew; a run of orders that depend on one another is read once, as a whole."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._runs: dict[int, dict[int, Earned]] = {}

    def of(self, decisions: Sequence[AttributionDecision]) -> dict[int, Earned]:
        """Order id -> what it earns; orders nobody is credited with are missing."""
        credited = [one for decision in decisions if (one := _credited(decision))]
        found = earn(self._session.connection(), [one for one in credited if not one.credit.in_run])
        for one in credited:
            if one.credit.in_run:
                found[one.order.id] = self._run(one.credit.participation_id)[one.order.id]
        return found

    def _run(self, participation_id: int) -> dict[int, Earned]:
        if participation_id not in self._runs:
            theirs = select(AttributionDecision).where(
                AttributionDecision.participation_id == participation_id, AttributionDecision.superseded_at.is_(None)
            )
            credited = [one for decision in self._session.scalars(theirs) if (one := _credited(decision))]
            self._runs[participation_id] = earn(self._session.connection(), credited)
        return self._runs[participation_id]


def _credited(decision: AttributionDecision) -> Credited | None:
    credit = credit_of(decision)
    if credit is None:
        return None
    return Credited(decision.order, credit, repeated(decision.reason, decision.evidence), rate_in(decision.evidence))


def _order_breaches(session: Session, decisions: Sequence[AttributionDecision], earnings: _Earnings) -> Iterator[str]:
    orders = [decision.order for decision in decisions]
    earned = earnings.of(decisions)
    refunds, deletions = _told_of(session, OrderRefund, orders), _told_of(session, OrderDeletion, orders)
    posted = posted_for_orders(session.connection(), [order.id for order in orders])
    for decision, order in zip(decisions, orders, strict=True):
        key = (order.shop_id, order.external_id)
        deleted_at = next((row.deleted_at for row in deletions[key]), None)
        derived = worth(order, refunds[key], deleted_at)
        if derived != stored_worth(order):
            yield f"I4 order {order.public_id}: stored worth {stored_worth(order)}, derived {derived}"
            continue
        credit, mine = credit_of(decision), posted.get(order.id, {})
        for kind, wanted in TARGETS.items():
            target = wanted(credit, earned.get(order.id), credit.currency if credit else order.currency)
            for leg, amount in difference(target, mine.get(kind, {})).items():
                if amount:
                    yield f"I4 order {order.public_id}: {leg.kind} lacks {amount} {leg.currency} minor units"


def _told_of(session: Session, kind: type[Told], orders: Sequence[Order]) -> dict[tuple[int, str], list[Told]]:
    """Refunds or deletions of some orders, by shop and the shop's own id of the order."""
    told: dict[tuple[int, str], list[Told]] = defaultdict(list)
    names = {order.external_id for order in orders}
    for row in session.scalars(select(kind).where(kind.order_external_id.in_(names)).order_by(kind.id)):
        told[row.shop_id, row.order_external_id].append(row)
    return told


def _unbalanced(session: Session) -> Iterator[str]:
    """I1: the postings of a transaction sum to zero per currency."""
    rows = session.execute(
        select(Posting.transaction_id, LedgerAccount.currency, func.sum(Posting.amount_minor))
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .group_by(Posting.transaction_id, LedgerAccount.currency)
        .having(func.sum(Posting.amount_minor) != 0)
    )
    for transaction, currency, total in rows:
        yield f"I1 ledger transaction {transaction}: postings sum to {total} {currency} minor units"
    empty = select(LedgerTransaction.id).where(
        ~select(Posting.id).where(Posting.transaction_id == LedgerTransaction.id).exists()
    )
    for transaction in session.scalars(empty):
        yield f"I1 ledger transaction {transaction}: has no postings"


def _brand_charges(session: Session) -> Iterator[str]:
    """I3: per campaign, what the brand is charged is commissions and agency fee; accruals touch nothing else."""
    rows = session.execute(
        select(Posting.campaign_id, func.sum(Posting.amount_minor))
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerTransaction.kind == "accrual", LedgerAccount.kind.in_(ACCRUAL_KINDS))
        .group_by(Posting.campaign_id)
        .having(func.sum(Posting.amount_minor) != 0)
    )
    for campaign, total in rows:
        yield f"I3 campaign {campaign}: the brand's charge differs from the shares by {total} minor units"
    stray = session.scalars(
        select(Posting.id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerTransaction.kind == "accrual", LedgerAccount.kind.not_in(ACCRUAL_KINDS))
    )
    for posting in stray:
        yield f"I3 posting {posting}: an accrual on an account that is none of its three"


def _decisions(session: Session) -> Iterator[str]:
    """I5: every order has one decision in force (the tables keep deliveries, orders, refunds and clicks single)."""
    decided = select(AttributionDecision.order_id).where(AttributionDecision.superseded_at.is_(None))
    for order in session.scalars(select(Order.public_id).where(Order.id.not_in(decided))):
        yield f"I5 order {order}: no decision in force"


def breaches_of_clicks(session: Session) -> Iterator[str]:
    """I5: a day's clicks are as many as its rows, and a click is of a link. Reads every row."""
    one_moment(session)
    for place, counted, found, _ in differences(session.connection()):
        campaign, participation, on, uncounted = place
        which = f"participation {participation}, {on}" + (f", {uncounted}" if uncounted else "")
        yield f"I5 clicks of campaign {campaign}, {which}: {counted} counted, {found} there"
    stray = select(Click.link_id, func.count()).where(
        ~select(AffiliateLink.id).where(AffiliateLink.id == Click.link_id).exists()
    )
    for link, count in session.execute(stray.group_by(Click.link_id)):
        yield f"I5 link {link}: there is no such link, but {count} clicks of it"


def _statements(session: Session) -> Iterator[str]:
    """I2: a statement is the sum of the postings it took."""
    rows = session.execute(
        select(Statement.id, Statement.amount_minor, func.coalesce(func.sum(Posting.amount_minor), 0))
        .outerjoin(StatementPosting, StatementPosting.statement_id == Statement.id)
        .outerjoin(Posting, Posting.id == StatementPosting.posting_id)
        .group_by(Statement.id, Statement.amount_minor)
        .having(Statement.amount_minor != -func.coalesce(func.sum(Posting.amount_minor), 0))
    )
    for statement, amount, posted in rows:
        yield f"I2 statement {statement}: says {amount}, its postings say {-int(posted)}"


def _closed_reports(session: Session) -> Iterator[str]:
    """I8: a closed campaign's report comes out again from the ledger as of its closing moment."""
    reports = session.execute(
        select(Campaign, Document)
        .join(Document, (Document.campaign_id == Campaign.id) & (Document.kind == "final_report"))
        .order_by(Campaign.id)
    )
    for campaign, document in reports:
        earned = earned_by_participation(session, [campaign.id], campaign.closed_ledger_id)
        contents = json.loads(document.contents)
        for index, name in enumerate(("commission_minor", "agency_fee_minor")):
            frozen, booked = contents["totals"][name], sum(pair[index] for pair in earned.values())
            if frozen != booked:
                yield f"I8 report {document.number}: {name} {frozen}, the ledger as of closing {booked}"
            if frozen != sum(row[name] for row in contents["rows"]):
                yield f"I3 report {document.number}: {name} is not the sum of its rows"
