"""`books check` of payees' papers: what somebody changed behind our back is found, and named."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Leg, post
from campaigns.models import ReceivedDocument
from campaigns.settlement.books.check import breaches
from campaigns.settlement.exchanging import received
from tests.settlement.papers import a_paper, a_statement, agency
from tests.whole_campaign import CLOSED_AT, CLOSED_ON


def an_accepted_paper(session: Session) -> ReceivedDocument:
    paper = a_paper(session, a_statement(session))
    received.accept(session, paper, agency(), None, CLOSED_ON, CLOSED_AT)
    assert breaches(session) == []
    return paper


def changed(session: Session, paper: ReceivedDocument, **values: object) -> list[str]:
    session.execute(update(ReceivedDocument).where(ReceivedDocument.id == paper.id).values(**values))
    session.expire_all()
    return breaches(session)


def test_vat_that_was_not_posted_is_found(session: Session) -> None:
    paper = an_accepted_paper(session)
    assert changed(session, paper, vat_minor=541) == [f"I12 paper {paper.public_id}: VAT 541, the books 540"]


def test_an_amount_that_is_not_the_statements_is_found(session: Session) -> None:
    paper = an_accepted_paper(session)
    (found,) = changed(session, paper, net_minor=3_001)
    assert found.startswith(f"I12 paper {paper.public_id}: says 3001, statement CS-2026-")


def test_a_booking_without_an_accepted_paper_is_found(session: Session) -> None:
    paper = an_accepted_paper(session)
    number = paper.statement.document_id
    assert changed(session, paper, status="refused") == [
        f"I12 payee_paper of document {number}: there is no such paper"
    ]


def test_a_changed_file_is_found(session: Session) -> None:
    paper = an_accepted_paper(session)
    assert changed(session, paper, body=b"%PDF other") == [
        f"I12 paper {paper.public_id}: the file doesn't match its hash"
    ]


def test_input_vat_that_no_paper_brought_is_found(session: Session) -> None:
    post(session, "gift", {Leg("input_vat", 0, "ILS"): 5, Leg("bank_clearing", 0, "ILS"): -5}, CLOSED_AT)
    (found,) = breaches(session)
    assert found.startswith("I12 posting") and found.endswith("gift touches input_vat")
