"""`books check` finds each breach of holds, credit, offsets and compensation. The triggers are off where it must be."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Leg, post
from campaigns.models import Hold
from campaigns.settlement.books.wallets import breaches_of_wallets
from campaigns.settlement.disputing.disputes import resolve
from campaigns.settlement.wallets.offsets import grant_credit, offset
from tests import factories
from tests.settlement.owed import AFTER, LATER, agency, end, mina_at, sell
from tests.settlement.test_books import without_triggers
from tests.settlement.test_disputes import RIGHT, asked
from tests.settlement.test_wallets import in_debt_with_credit

CREDIT, EXPENSE = Leg("influencer_credit", 1, "ILS"), Leg("compensation_expense", 0, "ILS")


def told(session: Session) -> str:
    session.expire_all()
    return "; ".join(breaches_of_wallets(session))


def test_a_statement_of_what_was_held_is_told(session: Session) -> None:
    mina = mina_at(session)
    order = sell(session, mina)
    end(session, mina.campaign)
    session.add(Hold(order_id=order.id, reason="x", held_at=AFTER - timedelta(days=1)))
    session.flush()
    assert "takes what hold" in told(session)


def test_a_hold_that_ended_before_the_statement_is_none_of_its_business(session: Session) -> None:
    mina = mina_at(session)
    order = sell(session, mina)
    end(session, mina.campaign)
    day = timedelta(days=1)
    session.add(Hold(order_id=order.id, reason="x", held_at=AFTER - 2 * day, released_at=AFTER - day))
    session.flush()
    assert told(session) == ""


@pytest.mark.parametrize(
    ("kind", "debit", "sentence"),
    [
        ("compensation", Leg("brand_receivable", 1, "ILS"), "compensation touches brand_receivable"),
        ("credit", Leg("bank_clearing", 0, "ILS"), "credit touches bank_clearing"),
        ("offset", Leg("bank_clearing", 0, "ILS"), "offset touches bank_clearing"),
        ("payout", Leg("bank_clearing", 0, "ILS"), "influencer_credit moves without a grant"),
    ],
)
def test_an_account_that_has_no_business_there_is_told(session: Session, kind: str, debit: Leg, sentence: str) -> None:
    post(session, kind, {debit: 100, CREDIT: -100}, AFTER)
    assert sentence in told(session)


def test_credit_below_nothing_is_told(session: Session) -> None:
    post(session, "credit", {CREDIT: 100, EXPENSE: -100}, AFTER)
    assert "influencer_credit of 1: overdrawn by 100 ILS" in told(session)


def test_an_offset_without_its_note_is_told(session: Session) -> None:
    mina, owed = in_debt_with_credit(session)
    due = Leg("influencer_due", mina.id, "ILS")
    legs = {Leg("influencer_credit", mina.id, "ILS"): 100, due: -100}
    post(session, "offset", legs, LATER, document_id=owed.document_id)
    assert "has no note" in told(session)


def test_a_note_that_says_something_else_than_its_transaction_is_told(session: Session) -> None:
    mina, owed = in_debt_with_credit(session)
    offset(session, mina, owed.document, 100, agency(), LATER.date(), LATER)
    assert told(session) == ""
    without_triggers(session)
    tampered = text("UPDATE document SET contents = replace(contents, :was, :now)")
    session.execute(tampered, {"was": '"amount_minor":100', "now": '"amount_minor":90'})
    assert "says 90, its transaction 100" in told(session)


def test_a_compensation_other_than_its_resolution_says_is_told(session: Session) -> None:
    _, _, dispute = asked(session)
    resolve(session, dispute, factories.user(session).id, RIGHT, AFTER)
    assert told(session) == ""
    dispute.compensation_minor = 400
    session.flush()
    assert "gives 400, the books 500" in told(session)


def test_a_grant_is_no_breach(session: Session) -> None:
    grant_credit(session, factories.influencer(session), "ILS", 100, "a reason", AFTER)
    assert told(session) == ""
