"""Payments as rows: each line of each batch, and how far it is. For staff only; of an account its last digits."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from campaigns.i18n import N_
from campaigns.models import Campaign, Document, PayoutBatch, PayoutLine, PayoutStatement, Statement
from campaigns.settlement.exporting.asked import SLICE, Asked
from campaigns.sheets.columns import Column, Row

STATES = {
    "prepared": N_("Prepared"), "released": N_("Released"), "paid": N_("Paid"), "failed": N_("Failed"),
    "returned": N_("Sent back by the bank"), "cancelled": N_("Cancelled"),
}  # fmt: skip
COLUMNS = (
    Column("batch", N_("Batch")),
    Column("pay_on", N_("Pay date"), "day"),
    Column("payee", N_("Payee")),
    Column("account_ending", N_("Account ends in")),
    Column("amount_minor", N_("Amount"), "money"),
    Column("currency", N_("Currency")),
    Column("state", N_("Status"), words=STATES),
    Column("marked_at", N_("Marked"), "moment"),
    Column("bank_reference", N_("The bank's reference")),
    Column("failure_reason", N_("Why it failed")),
    Column("statements", N_("Statements")),
)


def columns(_asked: Asked) -> tuple[Column, ...]:
    """The same for whoever may see payments."""
    return COLUMNS


def rows(session: Session, asked: Asked) -> Iterator[Row]:
    """The lines in the sequence in which they were prepared, a slice at a time."""
    query, after = _lines(asked), 0
    while found := session.execute(query.where(PayoutLine.id > after)).all():
        numbers = _numbers(session, [line for line, _, _ in found])
        for line, batch, number in found:
            after = line.id
            yield [
                number, batch.pay_date, line.payee["name"], str(line.payee.get("account", ""))[-3:], line.amount_minor,
                line.currency, line.status, line.marked_at, line.bank_reference, line.failure_reason,
                " ".join(numbers[one] for one in line.statement_ids if one in numbers),
            ]  # fmt: skip


def _lines(asked: Asked) -> Select[PayoutLine, PayoutBatch, str]:
    settled = (
        select(PayoutStatement.statement_id)
        .join(Statement, Statement.id == PayoutStatement.statement_id)
        .join(Campaign, Campaign.id == Statement.campaign_id)
        .where(PayoutStatement.document_id == PayoutBatch.document_id)
        .where(Statement.influencer_id == PayoutLine.influencer_id)
        .where(*asked.among(campaign_id=Statement.campaign_id, brand_id=Campaign.brand_id))
    )
    query = (
        select(PayoutLine, PayoutBatch, Document.number)
        .join(PayoutBatch, PayoutBatch.id == PayoutLine.batch_id)
        .join(Document, Document.id == PayoutBatch.document_id)
        .order_by(PayoutLine.id)
        .limit(SLICE)
    )
    if asked.since:
        query = query.where(PayoutBatch.pay_date >= asked.since)
    if asked.until:
        query = query.where(PayoutBatch.pay_date <= asked.until)
    of_some = asked.campaign_id is not None or asked.brand_id is not None
    return query.where(settled.correlate(PayoutBatch, PayoutLine).exists()) if of_some else query


def _numbers(session: Session, lines: Sequence[PayoutLine]) -> dict[int, str]:
    """statement id -> the number of its paper."""
    ids = {statement_id for line in lines for statement_id in line.statement_ids}
    query = select(Statement.id, Document.number).join(Document, Document.id == Statement.document_id)
    return {statement_id: number for statement_id, number in session.execute(query.where(Statement.id.in_(ids)))}
