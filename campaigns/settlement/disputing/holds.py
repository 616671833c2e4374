"""Holds: a commission kept back with a reason. It goes on no statement until somebody lets it go; time never does.

What is held is the order, or the contact: whatever is posted for it and is on no statement yet, also what is posted
while the hold lasts. Statements list it below the line, with the reason, and the first one after the release takes
it. Times are told so that they follow one another, also where a clock was set back: no hold begins before a statement
that took what it holds, and no statement is issued before a release it relies on.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from campaigns.errors import Conflict, Said
from campaigns.i18n import N_
from campaigns.models import (
    Contact,
    Hold,
    LedgerAccount,
    LedgerTransaction,
    Order,
    Posting,
    Statement,
    StatementPosting,
)
from campaigns.reasons import read_reason
from campaigns.settlement.causes import Cause, named_in_books
from campaigns.settlement.wallets.wallets import hold_dues

IN_DISPUTE = N_("It is in dispute.")  # the reason of a hold that a dispute asked for; the dispute's end lets it go


def hold(session: Session, cause: Cause, reason: str, user_id: int | None, now: datetime) -> Hold:
    """Keep a commission off statements; raises Conflict where it is held, or is on a statement altogether."""
    text = read_reason(reason)
    hold_dues(session)  # of a statement and a hold at once, one comes first
    if open_hold(session, cause) is not None:
        raise Conflict(Said("the commission is held already"))
    if is_stated(session, cause):
        raise Conflict(Said("the commission is on a statement already: it can't be held any more"))
    held_at = max(now, _last_stated(session, cause) or now)
    made = Hold(reason=text, held_by_user_id=user_id, held_at=held_at)
    setattr(made, _named(type(cause)).key, cause.id)
    session.add(made)
    session.flush()
    return made


def release(session: Session, cause: Cause, reason: str, user_id: int | None, now: datetime) -> Hold:
    """Let a commission go, with a reason: the next statement takes it. Raises Conflict where none is held."""
    text = read_reason(reason)
    hold_dues(session)
    held = open_hold(session, cause)
    if held is None:
        raise Conflict(Said("the commission is not held"))
    held.released_at, held.released_by_user_id, held.release_reason = max(now, held.held_at), user_id, text
    session.flush()
    return held


def open_hold(session: Session, cause: Cause) -> Hold | None:
    """The hold it is under now; read anew, since another request may have let it go."""
    held = select(Hold).where(_named(type(cause)) == cause.id, Hold.released_at.is_(None))
    return session.scalar(held.execution_options(populate_existing=True))


def open_holds(session: Session, kind: type[Order] | type[Contact], ids: Collection[int]) -> dict[int, Hold]:
    """Order id, or contact id -> the hold it is under now."""
    named = _named(kind)
    held = select(named, Hold).where(named.in_(ids), Hold.released_at.is_(None))
    return {cause_id: one for cause_id, one in session.execute(held) if cause_id is not None}


def after_releases(
    session: Session, order_ids: Collection[int], contact_ids: Collection[int], now: datetime
) -> datetime:
    """The moment of a statement of these: now, unless the clock says that one is let go only later."""
    of_these = Hold.order_id.in_(order_ids) | Hold.contact_id.in_(contact_ids)
    last = session.scalar(select(func.max(Hold.released_at)).where(of_these))
    return max(now, last or now)


def is_stated(session: Session, cause: Cause) -> bool:
    """Whether everything that it earned is on statements; not so where nothing was earned yet."""
    postings = (
        select(Posting.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(named_in_books(type(cause)) == cause.id, LedgerAccount.kind == "influencer_pending")
    )
    on_one = select(StatementPosting.posting_id)
    some = session.scalar(postings.limit(1))
    return some is not None and session.scalar(postings.where(Posting.id.not_in(on_one)).limit(1)) is None


def _last_stated(session: Session, cause: Cause) -> datetime | None:
    """When the newest statement that took anything of it was issued."""
    return session.scalar(
        select(func.max(Statement.issued_at))
        .join(StatementPosting, StatementPosting.statement_id == Statement.id)
        .join(Posting, Posting.id == StatementPosting.posting_id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(named_in_books(type(cause)) == cause.id)
    )


def _named(kind: type[Order] | type[Contact]) -> InstrumentedAttribute[int | None]:
    return Hold.contact_id if kind is Contact else Hold.order_id
