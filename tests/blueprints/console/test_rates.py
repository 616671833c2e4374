"""The page of rates: entering one, correcting and withdrawing it, and what is refused beside its field."""

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, ExchangeRate
from tests import factories
from tests.factories import NOW, sign_in, submit, visit

GOOD = {
    "from_currency": "usd", "to_currency": "ILS", "rate": "3.60", "from_date": "2026-05-10", "to_date": "2026-05-10",
    "source": "the bank",
}  # fmt: skip


def staff(client: FlaskClient, session: Session, **who: str) -> FlaskClient:
    return sign_in(client, factories.user(session, **who))


@time_machine.travel(NOW)
def test_a_rate_is_entered_with_its_days_and_source(client: FlaskClient, session: Session):
    staff(client, session)
    assert submit(client, "/console/rates", GOOD).status_code == 302
    page = visit(client, "/console/rates").text
    assert "USD → ILS" in page and "3.6<" in page and "the bank" in page
    assert session.scalars(select(AuditEntry.action)).all() == ["rate.entered"]


def test_without_a_rate_the_page_says_that_none_is_needed(client: FlaskClient, session: Session):
    staff(client, session)
    assert "None is needed while every order" in visit(client, "/console/rates").text


@time_machine.travel(NOW)
def test_what_is_no_rate_stays_on_the_page_with_the_reason_beside_it(client: FlaskClient, session: Session):
    staff(client, session)
    for field, value, reason in (
        ("rate", "much", "above zero, of at most six decimals"),
        ("from_currency", "XYZ", "ISO 4217"),
        ("to_date", "2026-05-09", "not be before the first day"),
    ):
        answer = submit(client, "/console/rates", GOOD | {field: value})
        assert answer.status_code == 422 and reason in answer.text


@time_machine.travel(NOW)
def test_an_order_that_was_held_shows_both_currencies_once_its_rate_is_entered(client: FlaskClient, session: Session):
    campaign = factories.live_campaign(session, accepted=1)
    (mina,) = factories.participants(session, campaign)
    assert mina.code
    order = factories.order(session, shop=campaign.shop, code=mina.code.code, currency="USD")
    staff(client, session)
    address = f"/console/orders/{order.public_id}"
    assert "no rate is entered for its day" in visit(client, address).text
    submit(client, "/console/rates", GOOD)
    page = visit(client, address).text
    assert "$100.00" in page and "₪360.00" in page and "₪54.00" in page


@time_machine.travel(NOW)
def test_a_rate_is_corrected_by_a_further_row_and_withdrawn(client: FlaskClient, session: Session):
    former = factories.rate(session, day=NOW.date())
    staff(client, session)
    submit(client, f"/console/rates/{former.public_id}", GOOD | {"rate": "4"})
    after, before = session.scalars(select(ExchangeRate).order_by(ExchangeRate.id.desc())).all()
    assert (after.rate_millionths, after.superseded_at) == (4_000_000, None) and before.superseded_at is not None
    submit(client, f"/console/rates/{after.public_id}/withdraw")
    session.expire_all()
    assert after.superseded_at is not None


def test_rates_are_the_agencys(client: FlaskClient, session: Session):
    rate, brand = factories.rate(session, day=NOW.date()), factories.brand(session)
    sign_in(client, factories.user(session, brand=brand))
    for address in ("/console/rates", f"/console/rates/{rate.public_id}"):
        assert visit(client, address).status_code == 404


def test_the_page_reads_from_right_to_left_in_hebrew(client: FlaskClient, session: Session):
    factories.rate(session, day=NOW.date())
    staff(client, session, language="he")
    page = visit(client, "/console/rates").text
    assert 'dir="rtl"' in page and '<bdi dir="ltr">USD → ILS</bdi>' in page
