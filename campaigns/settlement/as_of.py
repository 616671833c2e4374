"""What the books knew by a moment: the one place that asks for postings as of then.

A posting counts from the moment it was recorded, so an answer given for a day long past does not know of a refund
that came since; asked again for the same moment it is the same.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.errors import Invalid, Said
from campaigns.models import Contact, LedgerAccount, LedgerTransaction, Order, Participation, Posting

EARLIEST = 2000  # a year; before it there was nothing to ask about


@dataclass(frozen=True)
class Posted:
    """One posting with its account and its transaction; `amount_minor` is positive for a debit."""

    posting_id: int
    amount_minor: int
    campaign_id: int | None
    participation_id: int | None
    account: str
    owner_id: int
    currency: str
    transaction_id: int
    kind: str
    order_id: int | None
    contact_id: int | None
    document_id: int | None
    dispute_id: int | None
    basis: dict[str, Any] | None
    recorded_at: datetime


_COLUMNS = (
    Posting.id, Posting.amount_minor, Posting.campaign_id, Posting.participation_id, LedgerAccount.kind,
    LedgerAccount.owner_id, LedgerAccount.currency, LedgerTransaction.id, LedgerTransaction.kind,
    LedgerTransaction.order_id, LedgerTransaction.contact_id, LedgerTransaction.document_id,
    LedgerTransaction.dispute_id, LedgerTransaction.basis, LedgerTransaction.recorded_at,
)  # fmt: skip
Account = tuple[str, int, str]  # kind, owner, currency


def posted_by(session: Session, whose: ColumnElement[bool], as_of: datetime) -> list[Posted]:
    """The postings of `whose` (a condition on posting, account or transaction) that were recorded by a moment."""
    return [Posted(*row) for row in session.execute(known(whose, as_of, *_COLUMNS).order_by(Posting.id))]


def balances_by(session: Session, whose: ColumnElement[bool], as_of: datetime) -> dict[Account, int]:
    """What the same postings sum to, account by account, as the database adds them up."""
    account = (LedgerAccount.kind, LedgerAccount.owner_id, LedgerAccount.currency)
    sums = known(whose, as_of, *account, func.sum(Posting.amount_minor)).group_by(*account)
    return {(kind, owner, currency): int(total) for kind, owner, currency, total in session.execute(sums)}


def known(whose: ColumnElement[bool], as_of: datetime, *columns: Any) -> Select[Any]:
    """Some columns of the postings that were recorded by a moment."""
    return (
        select(*columns)
        .select_from(Posting)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(whose, LedgerTransaction.recorded_at <= as_of)
    )


def moment_of(text: str, timezone: str, now: datetime) -> datetime:
    """The moment meant: of a date the end of that day in `timezone`, as far as it has gone; "" is now.

    A moment without an offset is of that zone. Raises Invalid for what can't be read, and for what lies ahead.
    """
    if not text.strip():
        return now
    try:
        meant = _meant(text.strip(), ZoneInfo(timezone), now)
    except (ValueError, OverflowError) as error:
        raise Invalid({"as_of": [Said("must be a date such as 2026-05-31, or a moment of it")]}) from error
    if meant > now:
        raise Invalid({"as_of": [Said("must not lie ahead: the books know nothing of it yet")]})
    return meant


def _meant(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    if len(text) == len("2026-05-31"):
        day = date.fromisoformat(text)
        meant = datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(microseconds=1)
        meant = min(meant, now) if day <= now.astimezone(zone).date() else meant
    else:
        moment = datetime.fromisoformat(text)
        meant = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if meant.year < EARLIEST:
        raise ValueError(f"{text} is too long ago")
    return meant


def statement_as_of(
    session: Session, participation: Participation, as_of: datetime
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """A participant's lines, posting by posting, orders before contacts; and their sum."""
    mine = and_(
        Posting.participation_id == participation.id,
        LedgerAccount.kind == "influencer_pending",
        LedgerTransaction.kind == "accrual",
    )
    earned = posted_by(session, mine, as_of)
    lines = [*_of_orders(session, mine, as_of, earned), *_of_contacts(session, mine, as_of, earned)]
    return lines, {
        "orders": len({line["order"] for line in lines if "order" in line}),
        "commission_minor": sum(line["commission_minor"] for line in lines),
    }


def _of_orders(
    session: Session, mine: ColumnElement[bool], as_of: datetime, earned: Iterable[Posted]
) -> Iterator[dict[str, Any]]:
    causes = known(mine, as_of, LedgerTransaction.order_id)
    orders = {one.id: one for one in session.scalars(select(Order).where(Order.id.in_(causes)))}
    for one in earned:
        if one.order_id is not None:
            order = orders[one.order_id]
            yield {
                "order": order.public_id,
                "order_number": order.number,
                "placed_at": iso(order.placed_at),
                "recorded_at": iso(one.recorded_at),
                "commission_minor": -one.amount_minor,
            }


def _of_contacts(
    session: Session, mine: ColumnElement[bool], as_of: datetime, earned: Iterable[Posted]
) -> Iterator[dict[str, Any]]:
    causes = known(mine, as_of, LedgerTransaction.contact_id)
    contacts = {one.id: one for one in session.scalars(select(Contact).where(Contact.id.in_(causes)))}
    for one in earned:
        if one.contact_id is not None:
            contact = contacts[one.contact_id]
            yield {
                "contact": contact.public_id,
                "contact_number": contact.external_id,
                "happened_at": iso(contact.happened_at),
                "recorded_at": iso(one.recorded_at),
                "commission_minor": -one.amount_minor,
            }
