"""What pages and the API both do with payees' papers: the step, the audit log, the letter. The view commits it."""

import logging
from datetime import date

from campaigns.blueprints.context import now, session, settings
from campaigns.models import Document, ReceivedDocument, SelfBillingAgreement, Statement, User
from campaigns.planning import received_letters as letters
from campaigns.planning.audit import note
from campaigns.settlement.exchanging import agreements, received, self_billing
from campaigns.settlement.exchanging.received import Sent

log = logging.getLogger(__name__)


def take(user: User, statement: Statement, sent: Sent) -> ReceivedDocument:
    """Take a paper in, from its payee or from staff who got it another way."""
    paper = received.receive(session(), statement, sent, settings().agency(), user.id, now())
    _note(user, "paper.received", paper, statement=statement.document.number, number=paper.number)
    return paper


def accept(user: User, paper: ReceivedDocument, pay_on: date) -> None:
    """Accept it and book it; its payee is told what will be paid."""
    asked = received.accept(session(), paper, settings().agency(), user.id, pay_on, now())
    _note(user, "paper.accepted", paper, number=paper.number, pay_on=pay_on.isoformat())
    letters.accepted(session(), paper, asked.paid_minor, settings().public_url, now())


def refuse(user: User, paper: ReceivedDocument, reason: str) -> None:
    """Refuse it; its payee is told why."""
    received.refuse(session(), paper, reason, user.id, now())
    _note(user, "paper.refused", paper, number=paper.number, reason=paper.reason)
    letters.refused(session(), paper, settings().public_url, now())


def answer_invoice(user: User, invoice: Document, accepts: bool, reason: str) -> None:
    """The payee accepts an invoice we wrote, or rejects it with a reason."""
    today = now().date()
    if accepts:
        self_billing.accept_invoice(session(), invoice, user, today, now())
    else:
        self_billing.reject_invoice(session(), invoice, user, reason, settings().agency(), today, now())
    action = "self_billing.accepted" if accepts else "self_billing.rejected"
    note(session(), user.id, action, f"document:{invoice.public_id}", now(), reason=reason.strip())
    log.info("%s document=%s", action, invoice.public_id)


def agree(user: User, vat_number: str, language: str, first: date, last: date) -> SelfBillingAgreement:
    """The payee agrees that we write their invoices."""
    assert user.influencer is not None  # the page is for influencers
    agency = settings().agency()
    made = agreements.agree(session(), user.influencer, agency, vat_number, language, first, last, user.id, now())
    subject = f"influencer:{user.influencer.public_id}"
    note(session(), user.id, "self_billing.agreed", subject, now(), sha256=made.sha256)
    return made


def end_agreement(user: User, agreement: SelfBillingAgreement) -> None:
    """The payee ends it."""
    agreements.end(session(), agreement, now())
    note(session(), user.id, "self_billing.ended", f"influencer:{agreement.influencer.public_id}", now())


def _note(user: User, action: str, paper: ReceivedDocument, **details: object) -> None:
    note(session(), user.id, action, f"received:{paper.public_id}", now(), **details)
    log.info("%s paper=%s", action, paper.public_id)
