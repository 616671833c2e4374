"""Batches that were paid before payments had lines: the upgrade writes them down as done, every line as paid."""

from datetime import timedelta

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from campaigns.db import db
from campaigns.models import PayoutBatch, PayoutStatement
from campaigns.settlement.books.payouts import breaches_of_payouts
from campaigns.settlement.paying.payments import mark_failed
from tests import whole_campaign
from tests.whole_campaign import CLOSED_AT, CLOSED_ON


def paid_before(app: Flask, session: Session) -> None:
    """The tables of the release before, with a campaign closed and paid in them, brought up to date."""
    whole_campaign.end(session, whole_campaign.a_live_campaign(session).campaign)
    whole_campaign.pay(session)
    session.commit()
    session.remove()  # type: ignore[attr-defined]
    downgrade(revision="0005")
    assert not db.inspect(db.engine).has_table("payout_batch")
    upgrade()


def test_an_earlier_batch_is_done_and_its_lines_are_paid(app: Flask, session: Session):
    paid_before(app, session)
    batch = session.scalars(select(PayoutBatch)).one()
    assert (batch.status, batch.currency, batch.pay_date) == ("done", "ILS", CLOSED_ON)
    assert batch.prepared_at == batch.released_at == CLOSED_AT == batch.document.issued_at
    assert [(line.status, line.payee["name"], line.amount_minor) for line in batch.lines] == [
        ("paid", "Mina", 3_000),
        ("paid", "Noa", 14_359),
    ]


def test_an_earlier_line_names_the_statements_it_paid(app: Flask, session: Session):
    paid_before(app, session)
    lines = session.scalars(select(PayoutBatch)).one().lines
    settled = session.scalars(select(PayoutStatement.statement_id).order_by(PayoutStatement.statement_id))
    assert sorted(number for line in lines for number in line.statement_ids) == list(settled)
    assert all(line.marked_at == CLOSED_AT for line in lines)
    assert list(breaches_of_payouts(session)) == []


def test_money_of_an_earlier_batch_can_come_back(app: Flask, session: Session):
    paid_before(app, session)
    mina, _ = session.scalars(select(PayoutBatch)).one().lines
    assert mark_failed(session, mina, "account closed", CLOSED_AT + timedelta(days=2), None) == "returned"
    assert list(breaches_of_payouts(session)) == []


def test_a_database_without_batches_gets_none(app: Flask, session: Session):
    downgrade(revision="0005")
    upgrade()
    assert session.scalar(text("SELECT count(*) FROM payout_batch")) == 0
