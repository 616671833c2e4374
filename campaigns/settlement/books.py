"""`books check`: every invariant of the house, recomputed from the rows. One line per breach, none in good books.

The letters are those of docs/commissions.md. Run after every story of the test suite, before every closing, and by
the worker every ten minutes.
"""

import hashlib
import json
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.commissions.accrual import target
from campaigns.commissions.ledger import difference, earned_by_participation, posted_for_order
from campaigns.models import (
    AttributionDecision,
    Campaign,
    Document,
    DocumentFile,
    LedgerAccount,
    LedgerTransaction,
    NumberSeries,
    Order,
    Posting,
    Statement,
    StatementPosting,
)
from campaigns.tracking.decisions import credit_of, current_decision
from campaigns.tracking.orders import revalue, sale_of

ACCRUAL_KINDS = ("brand_receivable", "influencer_pending", "agency_income")


def breaches(session: Session) -> list[str]:
    """Every breach of every invariant, in words."""
    return [
        *_unbalanced(session),
        *_brand_charges(session),
        *breaches_of_orders(session),
        *_decisions(session),
        *_statements(session),
        *_documents(session),
        *_series(session),
        *_closed_reports(session),
    ]


def breaches_of_orders(session: Session, campaign_id: int | None = None) -> list[str]:
    """I4: what is posted for each order is its target; and its stored worth is what its rows give."""
    decisions = select(AttributionDecision.order_id).where(AttributionDecision.superseded_at.is_(None))
    if campaign_id is not None:
        decisions = decisions.where(AttributionDecision.campaign_id == campaign_id)
    found = []
    for order in session.scalars(select(Order).where(Order.id.in_(decisions)).order_by(Order.id)):
        found += list(_order_breaches(session, order))
    return found


def _order_breaches(session: Session, order: Order) -> Iterator[str]:
    stored = _worth(order)
    with session.no_autoflush:
        revalue(session, order)
        derived = _worth(order)
        if stored != derived:
            session.expire(order)
            yield f"I4 order {order.public_id}: stored worth {stored}, derived {derived}"
            return
    credit = credit_of(current_decision(session, order.id))
    wanted = target(credit, sale_of(order), order.currency)
    posted = posted_for_order(session, order.id)
    wrong = {leg: amount for leg, amount in difference(wanted, posted).items() if amount}
    for leg, amount in wrong.items():
        yield f"I4 order {order.public_id}: {leg.kind} lacks {amount} {order.currency} minor units"


def _worth(order: Order) -> tuple[int, ...]:
    return (
        order.net_minor,
        order.net_tax_minor,
        order.gift_card_minor,
        order.refunded_minor,
        order.refunded_tax_minor,
        int(order.deleted),
    )


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


def _documents(session: Session) -> Iterator[str]:
    """I6: bytes and contents match their hashes."""
    for document in session.scalars(select(Document).order_by(Document.id)):
        if hashlib.sha256(document.contents.encode()).hexdigest() != document.contents_sha256:
            yield f"I6 document {document.number}: contents don't match their hash"
    for file in session.scalars(select(DocumentFile).order_by(DocumentFile.id).execution_options(yield_per=20)):
        if hashlib.sha256(file.body).hexdigest() != file.sha256:
            yield f"I6 document {file.document.number}: the {file.media_type} file doesn't match its hash"


def _series(session: Session) -> Iterator[str]:
    """I6: a series runs from 1 to its last number without a gap."""
    issued = session.execute(
        select(Document.series, func.count(), func.min(Document.serial), func.max(Document.serial)).group_by(
            Document.series
        )
    ).all()
    last = {row.series: row.last for row in session.scalars(select(NumberSeries))}
    for series, count, first, newest in issued:
        if first != 1 or newest != count or last.get(series) != newest:
            yield f"I6 series {series}: {count} documents numbered {first} to {newest}, counter {last.get(series)}"


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
