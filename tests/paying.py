"""Paying whatever is due the whole way, for tests that only need it paid: prepared, released, and every line paid."""

from datetime import date, datetime

from flask import current_app
from sqlalchemy.orm import Session

from campaigns.models import Document, PayoutBatch
from campaigns.settlement.paying.payments import mark_paid
from campaigns.settlement.paying.payouts import prepare, release


def released(session: Session, currency: str, agency: dict[str, str], on: date, now: datetime) -> PayoutBatch:
    """A batch of everything due, at the bank."""
    batch = prepare(session, currency, agency, on, now, None)
    release(session, batch, None, False, now)
    return batch


def pay_out(session: Session, currency: str, agency: dict[str, str], on: date, now: datetime) -> Document:
    """The paper of a batch whose every line the bank has paid."""
    batch = released(session, currency, agency, on, now)
    for line in batch.lines:
        mark_paid(session, line, "", on, agency, now, None)
    return batch.document


def payments_done(session: Session, batch: PayoutBatch) -> None:
    """The bank has paid every line of a released batch, on its day."""
    agency = current_app.extensions["settings"].agency()
    for line in batch.lines:
        mark_paid(session, line, "", batch.pay_date, agency, batch.prepared_at, None)
