"""The itemised answer to any question at any time: what each order and contact had earned somebody by a moment."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from campaigns.clock import iso
from campaigns.models import Contact, LedgerAccount, LedgerTransaction, Order, Participation, Posting

Cause = TypeVar("Cause", Order, Contact)


def statement_as_of(
    session: Session, participation: Participation, as_of: datetime
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """A participant's lines, posting by posting, orders before contacts; and their sum."""
    lines: list[dict[str, Any]] = [
        {
            "order": order.public_id,
            "order_number": order.number,
            "placed_at": iso(order.placed_at),
            "recorded_at": iso(recorded_at),
            "commission_minor": earned,
        }
        for order, recorded_at, earned in _earned(session, Order, LedgerTransaction.order_id, participation, as_of)
    ]
    orders = len({line["order"] for line in lines})
    lines += [
        {
            "contact": contact.public_id,
            "contact_number": contact.external_id,
            "happened_at": iso(contact.happened_at),
            "recorded_at": iso(recorded_at),
            "commission_minor": earned,
        }
        for contact, recorded_at, earned in _earned(
            session, Contact, LedgerTransaction.contact_id, participation, as_of
        )
    ]
    return lines, {
        "orders": orders,
        "commission_minor": sum(line["commission_minor"] for line in lines),
    }


def _earned(
    session: Session,
    cause: type[Cause],
    named: InstrumentedAttribute[int | None],
    participation: Participation,
    as_of: datetime,
) -> Iterator[tuple[Cause, datetime, int]]:
    """(what it was earned by, when it was recorded, minor units), oldest first."""
    rows = session.execute(
        select(cause, LedgerTransaction.recorded_at, Posting.amount_minor)
        .join(LedgerTransaction, named == cause.id)
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(
            Posting.participation_id == participation.id,
            LedgerAccount.kind == "influencer_pending",
            LedgerTransaction.kind == "accrual",
            LedgerTransaction.recorded_at <= as_of,
        )
        .order_by(Posting.id)
    )
    for row, recorded_at, amount in rows:
        yield row, recorded_at, -amount
