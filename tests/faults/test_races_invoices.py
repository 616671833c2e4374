"""A payee answers the invoice we wrote in their name, twice at the same moment. The locks are also taken away.

Mina, at home, is due 30.00 and 5.40 VAT by the invoice; taken back, it leaves 30.00.
"""

from collections.abc import Callable
from unittest.mock import patch

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.documents import answers
from campaigns.models import Document, DocumentAnswer, User
from campaigns.settlement.books.check import breaches
from campaigns.settlement.exchanging import self_billing
from tests.faults.books import posted
from tests.faults.race import at_once, kinds, looking, without_locks
from tests.settlement.papers import agency
from tests.settlement.test_self_billing import billed
from tests.whole_campaign import CLOSED_AT, CLOSED_ON

Deed = Callable[[], None]
ONE_IS_TOLD = ["Conflict", "ok"]
ACCEPTED, REJECTED = (["acknowledged"], 0, 540), (["disputed"], 1, 0)


class Invoice:
    """One that waits for its answer, and the answers as deeds."""

    def __init__(self, session: Session) -> None:
        begin_writing()
        _, (invoice,), user = billed(session, "also-il", country="IL", number="516179157")
        self.ids = invoice.id, user.id
        session.commit()

    def accept(self) -> None:
        self_billing.accept_invoice(db.session(), *self._read(), CLOSED_ON, CLOSED_AT)
        db.session.commit()

    def reject(self) -> None:
        self_billing.reject_invoice(db.session(), *self._read(), "Not agreed.", agency(), CLOSED_ON, CLOSED_AT)
        db.session.commit()

    def doubt(self) -> None:
        answers.dispute(db.session(), *self._read(), "What is this?", CLOSED_AT)
        db.session.commit()

    def acknowledge(self) -> None:
        invoice, user = self._read()
        self_billing.hold_standing(db.session(), invoice, CLOSED_ON)
        answers.acknowledge(db.session(), invoice, user, CLOSED_AT)
        db.session.commit()

    def outcome(self) -> tuple[list[str], int, int]:
        """What was said, how many credit notes there are, and the VAT that stays in the books."""
        begin_writing()
        session, (invoice_id, _) = db.session(), self.ids
        said = select(DocumentAnswer.answer).filter_by(document_id=invoice_id).order_by(DocumentAnswer.answer)
        notes = select(func.count()).select_from(Document).filter_by(corrects_id=invoice_id)
        assert breaches(session) == []
        return list(session.scalars(said)), session.scalar(notes) or 0, posted(session, "input_vat")

    def _read(self) -> tuple[Document, User]:
        return db.session.get_one(Document, self.ids[0]), db.session.get_one(User, self.ids[1])


def test_accepted_and_rejected_at_once_one_of_them_stands(app: Flask, session: Session) -> None:
    invoice = Invoice(session)
    assert kinds(at_once(app, [invoice.accept, invoice.reject])) == ONE_IS_TOLD
    assert invoice.outcome() in (ACCEPTED, REJECTED)


def test_rejected_twice_at_once_it_is_taken_back_once(app: Flask, session: Session) -> None:
    invoice = Invoice(session)
    assert kinds(at_once(app, [invoice.reject] * 2)) == ONE_IS_TOLD
    assert invoice.outcome() == REJECTED


def test_acknowledged_as_a_paper_and_rejected_at_once_one_of_them_stands(app: Flask, session: Session) -> None:
    invoice = Invoice(session)
    assert kinds(at_once(app, [invoice.acknowledge, invoice.reject])) == ONE_IS_TOLD
    assert invoice.outcome() in (ACCEPTED, REJECTED)


def test_accepted_here_and_there_at_once_it_is_accepted_once(app: Flask, session: Session) -> None:
    invoice = Invoice(session)
    assert kinds(at_once(app, [invoice.accept, invoice.acknowledge])) in (ONE_IS_TOLD, ["ok", "ok"])
    assert invoice.outcome() == ACCEPTED


def test_doubted_and_rejected_at_once_the_doubt_is_kept_once(app: Flask, session: Session) -> None:
    invoice = Invoice(session)
    assert kinds(at_once(app, [invoice.doubt, invoice.reject])) in (ONE_IS_TOLD, ["ok", "ok"])
    assert invoice.outcome() == REJECTED


def without(app: Flask, session: Session, choose: Callable[[Invoice], list[Deed]]) -> list[str]:
    """What becomes of an invoice's answers where nothing holds it."""
    deeds = choose(Invoice(session))
    with without_locks(db.engine):
        return kinds(at_once(app, deeds))


def test_without_locks_acceptance_and_rejection_both_stand(app: Flask, session: Session) -> None:
    told = without(app, session, lambda invoice: [invoice.accept, invoice.reject])
    assert told != ONE_IS_TOLD
    assert told == ["ok", "ok"] or db.engine.dialect.name == "sqlite"


def test_without_locks_two_rejections_collide(app: Flask, session: Session) -> None:
    assert without(app, session, lambda invoice: [invoice.reject] * 2) != ONE_IS_TOLD


def test_without_locks_a_doubt_and_a_rejection_collide(app: Flask, session: Session) -> None:
    fine = (ONE_IS_TOLD, ["ok", "ok"])
    with patch.object(answers, "_given", looking(answers._given)):
        told = without(app, session, lambda invoice: [invoice.doubt, invoice.reject])
    assert told not in fine
