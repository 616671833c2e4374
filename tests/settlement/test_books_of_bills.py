"""`books check` names whatever stands on a brand's account and comes from no sale. Triggers that forbid it are off.

Every breach is planted as somebody with the database's password could, or by the ledger's own door.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Entry, Leg, post, post_all
from campaigns.settlement.billing.bill_payments import record_payment
from campaigns.settlement.billing.bills import bills_of
from campaigns.settlement.books.bills import breaches_of_bills
from campaigns.settlement.books.check import breaches_of_money
from tests import factories
from tests.settlement.test_books import without_triggers
from tests.whole_campaign import CLOSED_AT, CLOSED_ON, Cast, a_live_campaign, end

BILL_TABLES = ("bill", "bill_posting")


@pytest.fixture
def billed(session: Session) -> Cast:
    """A campaign that was closed, billed, and paid in part."""
    cast = a_live_campaign(session)
    end(session, cast.campaign)
    (bill,) = bills_of(session, cast.campaign.id)
    record_payment(session, bill, 10_000, CLOSED_ON, "tx 1", CLOSED_AT)
    session.commit()
    return cast


def charge(session: Session, cast: Cast, kind: str, **cause: int) -> None:
    """100.00 on the brand's account, by the ledger's own door."""
    place = ("ILS", cast.campaign.id, cast.mina.id)
    legs = {Leg("brand_receivable", cast.campaign.brand_id, *place): 10_000, Leg("agency_income", 0, *place): -10_000}
    post(session, kind, legs, CLOSED_AT, **cause)


def test_good_books_have_no_breach(session: Session, billed: Cast):
    assert breaches_of_money(session) == []


def test_books_check_tells_of_bills(session: Session, billed: Cast):
    charge(session, billed, "set_up_fee")
    assert any(line.startswith("I9") for line in breaches_of_money(session))


def _of_no_order(session: Session, cast: Cast) -> None:
    charge(session, cast, "accrual")


def _of_an_order_nobody_is_credited_for(session: Session, cast: Cast) -> None:
    order = factories.order(session, shop=cast.campaign.shop)
    charge(session, cast, "accrual", order_id=order.id)


def _of_an_order_of_another(session: Session, cast: Cast) -> None:
    order = factories.order(session, shop=cast.campaign.shop, code=cast.noa.codes[0].code)
    charge(session, cast, "accrual", order_id=order.id)


def _paid_of_no_bill(session: Session, cast: Cast) -> None:
    charge(session, cast, "brand_payment")


def _vat_of_no_bill(session: Session, cast: Cast) -> None:
    charge(session, cast, "bill")


def _of_a_contact(session: Session, cast: Cast) -> None:
    """Her terms pay for sales only."""
    contact = factories.contact(session, shop=cast.campaign.shop, code=cast.mina.codes[0].code)
    place = ("ILS", cast.campaign.id, cast.mina.id)
    legs = {Leg("brand_receivable", cast.campaign.brand_id, *place): 100, Leg("agency_income", 0, *place): -100}
    post_all(session.connection(), [Entry("accrual", legs, contact_id=contact.id)], CLOSED_AT)


def _vat_twice(session: Session, cast: Cast) -> None:
    (bill,) = bills_of(session, cast.campaign.id)
    charge(session, cast, "bill", document_id=bill.document_id)


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (lambda session, cast: charge(session, cast, "set_up_fee"), "set_up_fee on a brand's account"),
        (lambda session, cast: charge(session, cast, "compensation"), "compensation on a brand's account"),
        (_of_no_order, "accrual that traces to no credited sale"),
        (_of_an_order_nobody_is_credited_for, "accrual that traces to no credited sale"),
        (_of_an_order_of_another, "accrual that traces to no credited sale"),
        (_of_a_contact, "charges a contact, and no accepted terms pay for contacts"),
        (_paid_of_no_bill, "brand_payment of no bill of this brand"),
        (_vat_of_no_bill, "bill of no bill of this brand"),
        (_vat_twice, "VAT 10648 by the ledger, 648 on a fee of 3600"),
    ],
)
def test_a_posting_that_comes_from_no_sale_is_told(
    session: Session, billed: Cast, plant: Callable[[Session, Cast], None], told: str
):
    plant(session, billed)
    (line,) = breaches_of_bills(session)
    assert told in line


@pytest.mark.parametrize(
    ("tampered", "told"),
    [
        ("UPDATE bill SET commission_minor = commission_minor + 1", "says (18001, 3600), its postings say"),
        ("UPDATE bill SET fee_minor = fee_minor - 1", "says (18000, 3599), its postings say"),
        ("UPDATE bill SET vat_minor = vat_minor + 1", "VAT 649 by its row, 648 on a fee of 3600"),
        ("DELETE FROM bill_posting WHERE posting_id = (SELECT min(posting_id) FROM bill_posting)", "its postings say"),
        (
            "UPDATE bill_posting SET posting_id = (SELECT min(id) FROM posting WHERE amount_minor < 0) "
            "WHERE posting_id = (SELECT min(posting_id) FROM bill_posting)",
            "1 of its postings are no charges of its campaign",
        ),
        ("UPDATE document SET contents = replace(contents, '\"total_minor\":22248', '\"total_minor\":1')", "on paper"),
        ("UPDATE document SET contents = replace(contents, '\"collected_minor\":0', '\"collected_minor\":7')", "paper"),
        (
            "UPDATE document SET contents = replace(contents, '\"agency_fee_minor\":600', '\"agency_fee_minor\":601')",
            "agency_fee_minor is not the sum of its lines",
        ),
        (
            "UPDATE document SET contents = replace(contents, '\"on\":\"2026-06-10\"', '\"on\":\"2010-01-01\"')",
            "VAT 648 by its row, None on a fee of 3600",
        ),
    ],
)  # fmt: skip
def test_a_bill_that_does_not_add_up_is_told(session: Session, billed: Cast, tampered: str, told: str):
    without_triggers(session)
    if session.get_bind().dialect.name == "postgresql":
        for table in BILL_TABLES:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    session.connection().exec_driver_sql(tampered)  # its colons are no parameters
    session.expire_all()
    assert any(told in line for line in breaches_of_bills(session))
