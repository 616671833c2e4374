"""With each statement that is paid against a paper: the request for it, or the invoice itself where we may write it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from campaigns.models import Document, Influencer, Statement
from campaigns.settlement.exchanging.asked import wants_paper
from campaigns.settlement.exchanging.requests import issue_request
from campaigns.settlement.exchanging.self_billing import issue_invoice
from campaigns.settlement.exchanging.standing import agreement_for


def ask_for_paper(
    session: Session, statement: Statement, agency: dict[str, str], on: date, now: datetime
) -> Document | None:
    """Issue the request for a statement's paper, or the invoice itself where we may write it; None where none is."""
    payee = session.get_one(Influencer, statement.influencer_id)
    if not wants_paper(statement, payee.payee_route):
        return None
    agreement = agreement_for(session, payee, agency, on)
    if agreement is not None:
        return issue_invoice(session, statement, agreement, agency, on, now)
    return issue_request(session, statement, agency, on, now)
