"""`books check` finds each kind of breach, and none in good books. What the triggers forbid is done with them off."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from campaigns.settlement.books.check import breaches, breaches_of_orders
from tests.factories import click
from tests.whole_campaign import a_live_campaign, end, pay

TABLES = ("ledger_transaction", "posting", "document", "document_file", "statement", "statement_posting", "payslip")


def without_triggers(session: Session) -> None:
    """As a person with the database's own password could."""
    if session.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    for (name,) in session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(text(f"DROP TRIGGER {name}"))


def test_good_books_have_no_breach_before_and_after_closing_and_payout(session: Session):
    cast = a_live_campaign(session)
    assert breaches(session) == []
    end(session, cast.campaign)
    pay(session)
    assert breaches(session) == []


@pytest.mark.parametrize(
    ("tampered", "told"),
    [
        ("UPDATE posting SET amount_minor = amount_minor + 1 WHERE id = (SELECT min(id) FROM posting)", "I1 ledger"),
        ("INSERT INTO ledger_transaction (kind, recorded_at) VALUES ('payout', '2026-06-01 00:00:00')", "has no post"),
        ('UPDATE "order" SET net_minor = net_minor - 1', "I4 order"),
        ('UPDATE "order" SET status = \'pending\'', "I4 order"),
        ("UPDATE attribution_decision SET superseded_at = decided_at", "I5 order"),
        ("UPDATE statement SET amount_minor = amount_minor + 1", "I2 statement"),
        ("UPDATE document SET contents = replace(contents, 'ILS', 'USD') WHERE kind = 'final_report'", "I6 document"),
        ("UPDATE document_file SET sha256 = 'x'", "file doesn't match"),
        ("UPDATE number_series SET last = last + 1", "I6 series"),
        ("UPDATE campaign SET closed_ledger_id = 0", "I8 report"),
        ("UPDATE click_day SET clicks = clicks + 1", "I5 clicks of campaign"),
        ("DELETE FROM click_day", "0 counted, 1 there"),
        ("DELETE FROM click", "1 counted, 0 there"),
        ("UPDATE click SET link_id = 4711", "I5 link 4711"),
    ],
)  # fmt: skip
def test_each_breach_is_told(session: Session, tampered: str, told: str):
    cast = a_live_campaign(session)
    click(session, participation=cast.mina)
    end(session, cast.campaign)
    session.commit()
    without_triggers(session)
    session.execute(text(tampered))
    session.expire_all()
    assert any(told in breach for breach in breaches(session))


def test_an_order_is_checked_with_its_own_campaign_only(session: Session):
    cast = a_live_campaign(session)
    session.execute(text('UPDATE "order" SET net_minor = net_minor - 1'))
    session.expire_all()
    assert len(breaches_of_orders(session, cast.campaign.id)) == 2
    assert breaches_of_orders(session, cast.campaign.id + 1) == []
