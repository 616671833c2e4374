"""Batches of payments: prepared by one person, released by another, and only then sent to the bank.

A batch pays everyone their due balance in one currency. Payee, account and amount are frozen on its lines when it is
prepared. What has changed by the release is left out of it and is due again; nothing is booked before the bank is
known to have paid (payments.py). All steps of all batches take one lock, so a payee is in one of them at most; the
index uq_payout_line_under_way says so too.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.documents.issue import issue
from campaigns.errors import Conflict, Said
from campaigns.i18n import N_
from campaigns.models import Influencer, PayoutBatch, PayoutLine, Statement
from campaigns.settlement.exchanging.standing import without_paper
from campaigns.settlement.paying.dues import UNDER_WAY, Due, dues, not_yet_by_brand, payable_now
from campaigns.settlement.wallets.wallets import hold_dues

BY_BRAND = "by_brand"  # beside the payee on a line: what of the amount is due from which brand's campaigns
DETAILS_CHANGED = N_("The name, identity number or bank details were changed after the batch was prepared.")
PAPER_MISSING = N_("A paper for this payment is missing or no longer accepted. It can be paid once there is one.")
LESS_IS_DUE = N_("Less is due than when the batch was prepared.")


def prepare(
    session: Session,
    currency: str,
    agency: dict[str, str],
    on: date,
    now: datetime,
    user_id: int | None,
    papers_first: bool = False,
) -> PayoutBatch:
    """Make a batch of everything due in `currency`; raises Conflict where nobody has a payable balance.

    With `papers_first` a statement whose paper was not accepted is left out, and the batch names it.
    """
    hold_dues(session)
    everyone = dues(session, currency, on, papers_first)
    payable = [due for due in everyone if due.payable_minor > 0]
    left_out = [_left_out(due) for due in everyone if due.left_out_minor]
    if not payable and left_out:
        names = ", ".join(row["name"] for row in left_out)
        raise Conflict(
            Said(
                "nothing can be paid in %(currency)s before papers are accepted of: %(names)s",
                currency=currency,
                names=names,
            )
        )
    if not payable:
        raise Conflict(Said("nothing is due in %(currency)s", currency=currency))
    rows = [_row(due.influencer, due.statements, due.payable_minor) for due in payable]
    contents = {
        "issued_at": iso(now),
        "currency": currency,
        "timezone": "Asia/Jerusalem",
        "agency": agency,
        "pay_date": on.isoformat(),
        "rows": rows,
        "total_minor": sum(due.payable_minor for due in payable),
        "left_out": left_out,
    }
    document = issue(session, "payout_batch", contents, "en", now, on.year)
    batch = PayoutBatch(
        document_id=document.id, currency=currency, pay_date=on, prepared_by_user_id=user_id, prepared_at=now
    )
    batch.lines = [
        PayoutLine(
            influencer_id=due.influencer.id,
            currency=currency,
            amount_minor=due.payable_minor,
            statement_ids=[statement.id for statement in due.statements],
            payee={**frozen_payee(due.influencer), BY_BRAND: {str(brand): part for brand, part in due.amounts.items()}},
        )
        for due in payable
    ]
    session.add(batch)
    session.flush()
    return batch


def release(
    session: Session,
    batch: PayoutBatch,
    user_id: int | None,
    four_eyes: bool,
    now: datetime,
    papers_first: bool = False,
) -> None:
    """Let a prepared batch go to the bank. Lines that have changed since are left out; raises Conflict.

    With `four_eyes` whoever prepared it can't also release it; with `papers_first` papers are asked for once more.
    """
    lines = _held(session, batch, N_("this batch is %(status)s: it can't be released"))
    if four_eyes and batch.prepared_by_user_id == user_id:
        raise Conflict("you prepared this batch: somebody else of the agency must release it")
    for line in lines:
        line.failure_reason = changed_since(session, line, papers_first)
        line.status = "cancelled" if line.failure_reason else "released"
    if not any(line.status == "released" for line in lines):
        raise Conflict("every payment of this batch has changed since: cancel it and prepare another")
    batch.status, batch.released_by_user_id, batch.released_at = "released", user_id, now
    session.flush()


def cancel(session: Session, batch: PayoutBatch) -> None:
    """Call a prepared batch off: everything in it is due again."""
    for line in _held(session, batch, N_("this batch is %(status)s: it can't be cancelled")):
        line.status = "cancelled"
    batch.status = "cancelled"
    session.flush()


def changed_since(session: Session, line: PayoutLine, papers_first: bool = False) -> str:
    """Why a prepared line must not be paid as it is; "" where nothing has changed.

    With `papers_first` every statement on it must still have its paper, on the day for which it was prepared.
    """
    payee = frozen_payee(session.get_one(Influencer, line.influencer_id))
    if any(payee[field] != line.payee.get(field) for field in ("name", "id_number", "bank", "branch", "account")):
        return DETAILS_CHANGED
    on = line.batch.pay_date
    if papers_first:
        statements = session.scalars(select(Statement).where(Statement.id.in_(line.statement_ids))).all()
        if without_paper(session, statements, on):
            return PAPER_MISSING
    not_yet = not_yet_by_brand(session, line.influencer_id, line.currency, on, papers_first)
    due = payable_now(session, line.influencer_id, line.currency, not_yet)
    return LESS_IS_DUE if any(due.get(brand, 0) < part for brand, part in parts_of(line).items()) else ""


def parts_of(line: PayoutLine) -> dict[int, int]:
    """brand id -> what of the line's amount is due from its campaigns."""
    return {int(brand): part for brand, part in line.payee[BY_BRAND].items()}


def frozen_payee(influencer: Influencer) -> dict[str, Any]:
    """Who is paid and where to, as it is now."""
    return {
        "influencer": influencer.public_id,
        "name": influencer.name,
        "route": influencer.payee_route,
        "id_number": influencer.id_number,
        "bank": influencer.bank_code,
        "branch": influencer.bank_branch,
        "account": influencer.bank_account,
    }


def lines_of(session: Session, batch: PayoutBatch) -> list[PayoutLine]:
    """The lines of a batch as they are in the database at this moment, whatever was read of them before."""
    mine = select(PayoutLine).filter_by(batch_id=batch.id).order_by(PayoutLine.id)
    return list(session.scalars(mine.execution_options(populate_existing=True)))


def finish(session: Session, batch: PayoutBatch) -> None:
    """A batch is done when none of its lines is under way."""
    session.flush()
    if not any(line.status in UNDER_WAY for line in lines_of(session, batch)):
        batch.status = "done"
        session.flush()


def _held(session: Session, batch: PayoutBatch, refusal: str) -> list[PayoutLine]:
    """The lines of a batch that is still prepared, held against every other step."""
    hold_dues(session)
    session.refresh(batch)
    if batch.status != "prepared":
        raise Conflict(Said(refusal, status=batch.status))
    return lines_of(session, batch)


def _left_out(due: Due) -> dict[str, Any]:
    """Whom a batch leaves out for want of a paper, and what waits for it."""
    numbers = [statement.document.number for statement in due.paperless]
    payee = {"influencer": due.influencer.public_id, "name": due.influencer.name}
    return {**payee, "statements": numbers, "amount_minor": due.left_out_minor}


def _row(influencer: Influencer, statements: tuple[Statement, ...], amount_minor: int) -> dict[str, Any]:
    numbers = [statement.document.number for statement in statements]
    return {**frozen_payee(influencer), "statements": numbers, "amount_minor": amount_minor}
