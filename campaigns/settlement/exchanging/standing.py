"""How far the papers of statements are: which still wait for one, and whose invoices we may write ourselves.

A statement has its paper once staff have accepted the payee's, or the payee has accepted ours: by saying so, or by
letting the time to reject it go by.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.models import Document, DocumentAnswer, Influencer, ReceivedDocument, SelfBillingAgreement, Statement
from campaigns.settlement.exchanging.asked import HOME, wants_paper

INVOICE, CREDIT_NOTE = "self_billing_invoice", "self_billing_credit_note"
MISSING, RECEIVED, ACCEPTED, OURS = "missing", "received", "accepted", "ours"


def may_self_bill(payee: Influencer, agency: dict[str, str]) -> bool:
    """Whether this agency writes invoices for such payees at all: at home only where the setting says that too.

    Israel's VAT Law (ss. 20-21) allows self-invoices in listed cases only; whether this is one is for an accountant.
    """
    allowed = agency.get("self_billing", "no")
    return allowed == "also-il" if payee.country == HOME else allowed in ("yes", "also-il")


def agreement_for(session: Session, payee: Influencer, agency: dict[str, str], on: date) -> SelfBillingAgreement | None:
    """The payee's agreement that covers the day; None where there is none, or we write no such invoices."""
    if not may_self_bill(payee, agency):
        return None
    return session.scalar(
        select(SelfBillingAgreement).where(
            SelfBillingAgreement.influencer_id == payee.id,
            SelfBillingAgreement.ended_at.is_(None),
            SelfBillingAgreement.from_date <= on,
            SelfBillingAgreement.to_date >= on,
        )
    )


def paper_states(session: Session, statements: Sequence[Statement], on: date) -> dict[int, str]:
    """statement id -> missing, received (to be looked at), ours (not answered yet) or accepted; those that want one."""
    people = _people(session, statements)
    wanting = [one for one in statements if wants_paper(one, people[one.influencer_id].payee_route)]
    states = {one.id: MISSING for one in wanting}
    rows = select(ReceivedDocument.statement_id, ReceivedDocument.status).where(
        ReceivedDocument.statement_id.in_(states), ReceivedDocument.status != "refused"
    )
    states.update({statement: status for statement, status in session.execute(rows)})
    by_number = {one.document.number: one.id for one in wanting if states[one.id] == MISSING}
    for invoice in standing_invoices(session, {one.influencer_id for one in wanting} if by_number else ()):
        statement = by_number.get(contents_of(invoice)["statement"])
        if statement is not None:
            states[statement] = ACCEPTED if invoice_state(session, invoice, on) == ACCEPTED else OURS
    return states


def without_paper(session: Session, statements: Sequence[Statement], on: date) -> list[Statement]:
    """Those that want a paper and have no accepted one."""
    states = paper_states(session, statements, on)
    return [one for one in statements if states.get(one.id, ACCEPTED) != ACCEPTED]


def waiting_for_paper(session: Session, statements: Sequence[Statement], on: date) -> dict[int, int]:
    """statement id -> what must not be paid before its paper is accepted, of those that want one and have none.

    An invoice of ours is booked when it is written, so its VAT and withholding wait with the statement.
    """
    waiting = without_paper(session, statements, on)
    amounts = {one.id: one.amount_minor for one in waiting}
    by_number = {one.document.number: one.id for one in waiting}
    for invoice in standing_invoices(session, {one.influencer_id for one in waiting}):
        said = contents_of(invoice)
        statement_id = by_number.get(said["statement"])
        if statement_id is not None:
            amounts[statement_id] += said["amounts"]["paid_minor"] - said["amounts"]["net_minor"]
    return amounts


def standing_invoices(session: Session, influencer_ids: Iterable[int]) -> list[Document]:
    """Invoices we wrote for these payees that no credit note has taken back, oldest first."""
    ids = list(influencer_ids)
    if not ids:
        return []
    taken_back = select(Document.corrects_id).where(Document.kind == CREDIT_NOTE)
    mine = select(Document).where(
        Document.kind == INVOICE, Document.influencer_id.in_(ids), Document.id.not_in(taken_back)
    )
    return list(session.scalars(mine.order_by(Document.id)))


def invoice_for(session: Session, statement: Statement) -> Document | None:
    """The invoice we wrote for a statement, where one stands."""
    number = statement.document.number
    mine = standing_invoices(session, [statement.influencer_id])
    return next((one for one in mine if contents_of(one)["statement"] == number), None)


def invoice_state(session: Session, invoice: Document, on: date) -> str:
    """`rejected`, `accepted` (said so, or not rejected in time), `disputed`, or `ours` until they have answered."""
    if session.scalar(select(Document.id).filter_by(kind=CREDIT_NOTE, corrects_id=invoice.id)) is not None:
        return "rejected"
    answers = set(session.scalars(select(DocumentAnswer.answer).filter_by(document_id=invoice.id)))
    if "acknowledged" in answers:
        return ACCEPTED
    if "disputed" in answers:
        return "disputed"
    return ACCEPTED if on > date.fromisoformat(contents_of(invoice)["answer_by"]) else OURS


def requests_for(session: Session, influencer_id: int) -> dict[str, Document]:
    """statement number -> the newest request for its paper."""
    mine = select(Document).filter_by(kind="payee_request", influencer_id=influencer_id).order_by(Document.id)
    return {contents_of(one)["statement"]: one for one in session.scalars(mine)}


def papers_of(session: Session, statement_ids: Iterable[int]) -> dict[int, list[ReceivedDocument]]:
    """statement id -> the payee's papers for it, the newest first."""
    found: dict[int, list[ReceivedDocument]] = defaultdict(list)
    rows = select(ReceivedDocument).where(ReceivedDocument.statement_id.in_(list(statement_ids)))
    for paper in session.scalars(rows.order_by(ReceivedDocument.id.desc())):
        found[paper.statement_id].append(paper)
    return found


def papers_from(session: Session, influencer_id: int, most: int = 20) -> list[ReceivedDocument]:
    """What a payee sent, the newest first."""
    mine = select(ReceivedDocument).filter_by(influencer_id=influencer_id).order_by(ReceivedDocument.id.desc())
    return list(session.scalars(mine.limit(most)))


def _people(session: Session, statements: Sequence[Statement]) -> dict[int, Influencer]:
    ids = {one.influencer_id for one in statements}
    return {one.id: one for one in session.scalars(select(Influencer).where(Influencer.id.in_(ids)))}
