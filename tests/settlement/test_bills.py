"""A brand's bill: every sale once, order by order, and VAT on the agency's fee; what comes back is on the next one.

Of Mina's 200.00 and Noa's 1,000.00 the influencers' 15 % are 30.00 and 150.00, the agency's 3 % are 6.00 and 30.00; the
VAT of 18 % on 36.00 is 6.48, so the brand pays 222.48.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import balance
from campaigns.deductions.tables import shipped
from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict, Invalid, MissingTableRow
from campaigns.models import Bill, BillPosting, Campaign
from campaigns.planning.rates import enter_rate
from campaigns.settlement.billing.bill_payments import record_payment, states_of
from campaigns.settlement.billing.bills import bills_of, issue_bill
from campaigns.settlement.billing.vat import vat_on
from campaigns.settlement.books.check import breaches_of_money
from tests import factories
from tests.factories import NOW
from tests.planning.test_rates import DOLLARS
from tests.whole_campaign import CLOSED_AT, a_live_campaign, end, refund_mina

TODAY = date(2026, 5, 20)
LATER = CLOSED_AT + timedelta(days=10)


def agency(**changes: str) -> dict[str, str]:
    named: dict[str, str] = current_app.extensions["settings"].agency()
    return named | changes


def bill(session: Session, campaign: Campaign, on: date = TODAY, **changes: str) -> Bill:
    """What is on no bill yet, billed; the books must agree afterwards."""
    made = issue_bill(session, campaign, agency(**changes), on, NOW)
    assert made is not None
    assert breaches_of_money(session) == []
    return made


def totals(made: Bill) -> dict[str, Any]:
    found: dict[str, Any] = contents_of(made.document)["totals"]
    return found


def amounts(made: Bill) -> tuple[int, int, int, int]:
    """Commission, fee, VAT, and what is to be paid."""
    return made.commission_minor, made.fee_minor, made.vat_minor, totals(made)["total_minor"]


def test_a_bill_lists_every_sale_and_the_vat_on_the_fee_only(session: Session):
    cast = a_live_campaign(session)
    made = bill(session, cast.campaign)
    assert amounts(made) == (18_000, 3_600, 648, 22_248)
    assert [
        (line["influencer"], line["net_minor"], line["commission_minor"], line["agency_fee_minor"], line["reason"])
        for line in contents_of(made.document)["lines"]
    ] == [("Mina", 20_000, 3_000, 600, "coupon"), ("Noa", 100_000, 15_000, 3_000, "coupon")]
    assert made.document.number == "BB-2026-000001"


def test_the_brand_owes_what_the_bill_says_and_the_vat_is_the_states(session: Session):
    cast = a_live_campaign(session)
    bill(session, cast.campaign)
    assert balance(session, "brand_receivable", cast.campaign.brand_id, "ILS") == 22_248
    assert balance(session, "vat_payable", 0, "ILS") == -648


def test_what_is_billed_is_billed_once(session: Session):
    cast = a_live_campaign(session)
    bill(session, cast.campaign)
    assert issue_bill(session, cast.campaign, agency(), TODAY, NOW) is None
    assert len(bills_of(session, cast.campaign.id)) == 1


def test_a_refund_after_billing_is_a_negative_line_of_the_next_bill(session: Session):
    cast = a_live_campaign(session)
    bill(session, cast.campaign)
    refund_mina(session, cast, LATER)
    credit = bill(session, cast.campaign)
    assert amounts(credit) == (-3_000, -600, -108, -3_708)
    (line,) = contents_of(credit.document)["lines"]
    assert (line["kind"], line["influencer"], line["charge_minor"]) == ("bill_adjustment", "Mina", -3_600)


def test_a_sale_refunded_before_any_bill_is_on_none(session: Session):
    cast = a_live_campaign(session)
    refund_mina(session, cast, LATER)
    made = bill(session, cast.campaign)
    assert [line["influencer"] for line in contents_of(made.document)["lines"]] == ["Noa"]
    assert session.query(BillPosting).count() == 3  # Mina's charge and its reversal are taken all the same


def test_closing_bills_what_no_bill_has_taken(session: Session):
    cast = a_live_campaign(session)
    end(session, cast.campaign)
    (made,) = bills_of(session, cast.campaign.id)
    assert amounts(made) == (18_000, 3_600, 648, 22_248)
    assert breaches_of_money(session) == []


def test_a_campaign_without_a_sale_is_closed_without_a_bill(session: Session):
    campaign = factories.live_campaign(session, accepted=1)
    end(session, campaign)
    assert session.scalars(select(Bill)).all() == []


def test_vat_is_that_of_the_bills_day(session: Session):
    cast = a_live_campaign(session)
    assert bill(session, cast.campaign, date(2024, 12, 31)).vat_minor == 612  # 17 % of 36.00


def test_a_day_without_a_verified_row_is_refused_by_the_rows_name(session: Session):
    cast = a_live_campaign(session)
    with pytest.raises(MissingTableRow, match=r"IL\.vat has no row for 2015-09-30"):
        issue_bill(session, cast.campaign, agency(), date(2015, 9, 30), NOW)
    with pytest.raises(MissingTableRow, match=r"US\.vat"):
        vat_on("US", TODAY, shipped())


def test_an_exempt_dealer_charges_no_vat_and_the_paper_says_so(session: Session):
    cast = a_live_campaign(session)
    made = bill(session, cast.campaign, vat="none")
    assert amounts(made) == (18_000, 3_600, 0, 21_600)
    assert contents_of(made.document)["vat"]["row"] is None


def test_an_order_of_another_currency_is_billed_as_converted_with_its_own_amounts_beside(session: Session):
    campaign = factories.live_campaign(session, accepted=1)
    (mina,) = factories.participants(session, campaign)
    enter_rate(session, replace(DOLLARS, source="the bank"), None, factories.identity_key(), NOW)
    assert mina.code
    factories.order(session, shop=campaign.shop, code=mina.code.code, currency="USD")
    (line,) = contents_of(bill(session, campaign).document)["lines"]
    assert (line["net_minor"], line["charge_minor"]) == (36_000, 6_480)
    told = line["foreign"]
    assert (told["currency"], told["net_minor"], told["source"]) == ("USD", 10_000, "the bank")


def test_a_sale_credited_to_another_is_a_line_for_each(session: Session):
    """Mina's 200.00 become Noa's: 36.00 back, and 36.00 again."""
    cast = a_live_campaign(session)
    bill(session, cast.campaign)
    assert cast.noa.code
    factories.order(
        session, shop=cast.campaign.shop, code=cast.noa.code.code, external_id=f"order-of-mina-{cast.campaign.id}",
        net_minor=20_000, version=LATER,
    )  # fmt: skip
    made = bill(session, cast.campaign)
    lines = {line["influencer"]: (line["kind"], line["charge_minor"]) for line in contents_of(made.document)["lines"]}
    assert lines == {"Mina": ("bill_adjustment", -3_600), "Noa": ("order", 3_600)}
    assert amounts(made) == (0, 0, 0, 0)


def test_a_lead_under_terms_that_pay_for_it_is_a_line(session: Session):
    """25.00 for the lead and 5.00 for the agency; 0.90 of VAT."""
    terms = factories.TERMS | {"leads": {"per_lead_minor": 2_500, "agency_per_lead_minor": 500}}
    campaign = factories.live_campaign(session, accepted=1, terms=terms)
    (mina,) = factories.participants(session, campaign)
    assert mina.code
    factories.contact(session, shop=campaign.shop, code=mina.code.code, external_id="call-1")
    made = bill(session, campaign)
    (line,) = contents_of(made.document)["lines"]
    assert (line["kind"], line["order_number"], line["net_minor"]) == ("contact", "call-1", 0)
    assert amounts(made) == (2_500, 500, 90, 3_090)


def test_what_the_partner_collected_for_the_brand_is_taken_off(session: Session):
    """She took 200.00 from the buyer, earns half and hands on the rest; the agency's 6.00 have 1.08 of VAT."""
    terms = factories.TERMS | {"settlement": {"collects": "partner", "partner_rate_bps": 5_000}}
    campaign = factories.live_campaign(session, accepted=1, terms=terms)
    (mina,) = factories.participants(session, campaign)
    assert mina.code
    factories.order(session, shop=campaign.shop, code=mina.code.code, net_minor=20_000)
    made = bill(session, campaign)
    assert amounts(made) == (10_000, 600, 108, -9_292)
    assert totals(made)["collected_minor"] == -20_000


def pay(session: Session, made: Bill, amount_minor: int, reference: str = "tx 1") -> int:
    return record_payment(session, made, amount_minor, TODAY, reference, NOW)


def test_a_payment_lowers_what_is_open_of_the_bill_and_of_the_brand(session: Session):
    cast = a_live_campaign(session)
    made = bill(session, cast.campaign)
    pay(session, made, 20_000)
    (state,) = states_of(session, [made])
    assert (state.total_minor, state.open_minor, state.settled[0].reference) == (22_248, 2_248, "tx 1")
    assert balance(session, "brand_receivable", cast.campaign.brand_id, "ILS") == 2_248
    assert balance(session, "bank_clearing", 0, "ILS") == 20_000
    assert breaches_of_money(session) == []


def test_a_payment_is_noted_once(session: Session):
    made = bill(session, a_live_campaign(session).campaign)
    pay(session, made, 20_000)
    with pytest.raises(Conflict, match="noted for this bill already"):
        pay(session, made, 2_248, " tx 1 ")


@pytest.mark.parametrize(
    ("amount_minor", "reference", "field"),
    [(0, "tx", "amount_minor"), (-1, "tx", "amount_minor"), (22_249, "tx", "amount_minor"), (1, " ", "reference")],
)
def test_a_payment_that_cant_be_is_refused_by_its_field(
    session: Session, amount_minor: int, reference: str, field: str
):
    made = bill(session, a_live_campaign(session).campaign)
    with pytest.raises(Invalid) as refused:
        pay(session, made, amount_minor, reference)
    assert list(refused.value.errors) == [field]
