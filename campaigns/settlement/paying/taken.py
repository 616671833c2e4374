"""What was added to, and taken from, the statements of one payment: VAT by papers, tax by papers and payslips."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.models import (
    LedgerAccount,
    LedgerTransaction,
    PayoutLine,
    Payslip,
    PayslipStatement,
    Posting,
    Statement,
)
from campaigns.settlement.exchanging.booking import BY_PAPER, KINDS


def taken_by_payslips(session: Session, line: PayoutLine) -> int:
    """What the payslips of the statements took, their corrections included."""
    slips = select(PayslipStatement.payslip_id).where(PayslipStatement.statement_id.in_(line.statement_ids))
    taken = select(func.sum(Payslip.gross_minor - Payslip.net_minor)).where(
        Payslip.id.in_(slips) | Payslip.corrects_id.in_(slips)
    )
    return int(session.scalar(taken) or 0)


def taken_by_papers(session: Session, line: PayoutLine) -> tuple[int, int]:
    """(VAT added, tax withheld) by the papers of the statements: the payee's own, or those we wrote for them."""
    mine = select(Statement.document_id, Statement.campaign_id, Statement.participation_id)
    stated = session.execute(mine.where(Statement.id.in_(line.statement_ids))).all()
    papers, places = {one[0] for one in stated}, {(one[1], one[2]) for one in stated}
    rows = session.execute(
        select(
            LedgerTransaction.kind,
            LedgerTransaction.document_id,
            Posting.campaign_id,
            Posting.participation_id,
            LedgerTransaction.basis,
        )
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(
            LedgerTransaction.kind.in_(KINDS),
            LedgerAccount.kind == "influencer_due",
            LedgerAccount.owner_id == line.influencer_id,
            LedgerAccount.currency == line.currency,
        )
    )
    # A payee's own paper names the statement; one we wrote for them is a document of its own.
    told = [
        basis
        for kind, document, campaign, person, basis in rows
        if basis and (document in papers if kind == BY_PAPER else (campaign, person) in places)
    ]
    return sum(basis["vat_minor"] for basis in told), sum(basis["withheld_minor"] for basis in told)
