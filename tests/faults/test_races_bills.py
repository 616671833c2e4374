"""Two who bill, pay or enter a rate at the same moment: one does, the other is told; without locks both would."""

from collections.abc import Callable

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.models import Bill, BillPosting, Campaign, ExchangeRate
from campaigns.planning.rates import Rate, enter_rate
from campaigns.settlement.billing.bill_payments import record_payment, states_of
from campaigns.settlement.billing.bills import issue_bill
from tests import factories
from tests.factories import NOW
from tests.faults.race import at_once, kinds, without_locks
from tests.whole_campaign import CLOSED_ON, a_live_campaign

AT_ONCE = 4


def billing(campaign_id: int) -> Callable[[], bool]:
    def deed() -> bool:
        agency = current_app.extensions["settings"].agency()
        made = issue_bill(db.session(), db.session().get_one(Campaign, campaign_id), agency, CLOSED_ON, NOW)
        db.session.commit()
        return made is not None

    return deed


@pytest.fixture
def campaign_id(session: Session) -> int:
    campaign = a_live_campaign(session).campaign
    session.commit()
    return campaign.id


def bills_and_charges() -> tuple[int, int]:
    begin_writing()
    return db.session().query(Bill).count(), db.session().query(BillPosting).count()


def test_of_those_who_bill_at_once_one_does(app: Flask, campaign_id: int):
    results = at_once(app, [billing(campaign_id)] * AT_ONCE)
    assert sorted(results) == [False] * (AT_ONCE - 1) + [True]
    assert bills_and_charges() == (1, 2)


def test_without_locks_those_who_bill_at_once_collide(app: Flask, campaign_id: int):
    with without_locks(db.engine):
        assert kinds(at_once(app, [billing(campaign_id)] * AT_ONCE)) != ["ok"] * AT_ONCE
    assert bills_and_charges() == (1, 2)  # the table takes each charge once all the same


def paying(bill_id: int, number: int) -> Callable[[], int]:
    def deed() -> int:
        bill = db.session().get_one(Bill, bill_id)
        made = record_payment(db.session(), bill, 15_000, CLOSED_ON, f"tx {number}", NOW)
        db.session.commit()
        return made

    return deed


@pytest.fixture
def bill_id(session: Session, campaign_id: int) -> int:
    """222.48 to be paid: there is room for one payment of 150.00."""
    bill = issue_bill(
        session, session.get_one(Campaign, campaign_id), current_app.extensions["settings"].agency(), CLOSED_ON, NOW
    )
    session.commit()
    assert bill is not None
    return bill.id


def open_minor(bill_id: int) -> int:
    begin_writing()
    (state,) = states_of(db.session(), [db.session().get_one(Bill, bill_id)])
    return state.open_minor


def test_no_more_is_paid_at_once_than_is_open(app: Flask, bill_id: int):
    results = at_once(app, [paying(bill_id, number) for number in range(AT_ONCE)])
    assert kinds(results) == ["Invalid"] * (AT_ONCE - 1) + ["ok"]
    assert open_minor(bill_id) == 7_248


def test_without_locks_more_is_paid_at_once_or_somebody_fails(app: Flask, bill_id: int):
    with without_locks(db.engine):
        results = at_once(app, [paying(bill_id, number) for number in range(AT_ONCE)])
    assert open_minor(bill_id) < 0 or set(kinds(results)) - {"ok", "Conflict", "Invalid"}


def entering(number: int) -> Callable[[], int]:
    rate = Rate("USD", "ILS", CLOSED_ON, CLOSED_ON, 3_600_000 + number, "the bank")

    def deed() -> int:
        made = enter_rate(db.session(), rate, None, factories.identity_key(), NOW)
        db.session.commit()
        return made.id

    return deed


def rates_entered() -> int:
    begin_writing()
    return int(db.session().scalar(select(func.count()).select_from(ExchangeRate)) or 0)


def test_of_those_who_enter_a_rate_of_a_day_at_once_one_does(app: Flask, session: Session):
    results = at_once(app, [entering(number) for number in range(AT_ONCE)])
    assert kinds(results) == ["Conflict"] * (AT_ONCE - 1) + ["ok"]
    assert rates_entered() == 1


def test_without_locks_a_day_gets_two_rates_or_somebody_fails(app: Flask, session: Session):
    with without_locks(db.engine):
        results = at_once(app, [entering(number) for number in range(AT_ONCE)])
    assert rates_entered() > 1 or set(kinds(results)) - {"ok", "Conflict"}
