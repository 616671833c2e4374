"""Whole campaigns as stories, with numbers a person can check by hand. 15 % for the influencer, 3 % for the agency."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import balance
from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict, MissingTableRow
from campaigns.models import Campaign, Document, Order, Participation, Payslip, Statement
from campaigns.money import share
from campaigns.planning import plans
from campaigns.planning.codes import replace_code
from campaigns.planning.life import launch
from campaigns.planning.participation import accept, leave
from campaigns.settlement.books.check import breaches
from campaigns.settlement.close import close, close_findings
from campaigns.settlement.figures import Figures, figures_of, total
from campaigns.tracking.decisions import assign, current_decision
from campaigns.tracking.orders import post_order, settle
from tests.factories import (
    END,
    NOW,
    START,
    TERMS,
    brand,
    campaign,
    identity_key,
    influencer,
    live_campaign,
    order,
    participants,
    participation,
    shop,
    user,
)
from tests.paying import pay_out

AGENCY = {"name": "Success", "legal_name": "Success Ltd", "registration_number": "516179157", "tax_file": "935617915",
          "address": "Herzl 12, Tel Aviv", "email": "pay@example.com", "site": "https://c.example",
          "vat": "IL"}  # fmt: skip
AFTER = END + timedelta(days=30)
ON = date(2026, 6, 30)
SLIP = {"route": "payslip", "id_number": "000000018", "credit_points": "2.75"}


def finish(session: Session, live: Campaign, reason: str = "") -> Document:
    return close(session, live, AGENCY, ON, AFTER, None, reason)


def earned(session: Session, person: Participation) -> int:
    return figures_of(session, person.campaign_id).get(person.id, Figures()).commission_minor


def statements(session: Session, person: Participation) -> list[Statement]:
    return list(session.scalars(select(Statement).filter_by(influencer_id=person.influencer_id).order_by(Statement.id)))


def code_of(person: Participation) -> str:
    assert person.code is not None
    return person.code.code


def test_a_campaign_from_first_sale_to_report(session: Session):
    live = live_campaign(session, accepted=12)
    mina, omar = participants(session, live)[:2]
    order(session, shop=live.shop, code=code_of(mina), net_minor=18000)  # 27.00 and 5.40
    order(session, shop=live.shop, code=code_of(mina), net_minor=20000, refunded_minor=5000)  # 22.50 and 4.50
    order(session, shop=live.shop, code=code_of(omar), net_minor=10000, status="cancelled")
    report = contents_of(finish(session, live))
    assert report["totals"] == {"clicks": 0, "contacts": 0, "orders": 2, "sales_minor": 38000, "refunded_minor": 5000,
                                "commission_minor": 4950, "agency_fee_minor": 990,
                                "brand_charge_minor": 5940}  # fmt: skip
    assert len(report["rows"]) == 12 and sum(row["orders"] == 0 for row in report["rows"]) == 11
    assert [row.amount_minor for row in statements(session, mina)] == [4950]
    assert breaches(session) == []


def test_a_campaign_without_a_sale_closes_with_zero_rows_and_zero_statements(session: Session):
    live = live_campaign(session, accepted=10)
    report = contents_of(finish(session, live))
    assert [row["commission_minor"] for row in report["rows"]] == [0] * 10
    assert [row.amount_minor for row in session.scalars(select(Statement))] == [0] * 10
    assert session.scalar(select(Payslip)) is None


def test_refund_after_payout_is_a_negative_on_the_next_statement(session: Session):
    first = live_campaign(session, accepted=10)
    mina = participants(session, first)[0]
    sold = order(session, shop=first.shop, code=code_of(mina), net_minor=20000)  # 30.00
    finish(session, first)
    pay_out(session, "ILS", AGENCY, ON, AFTER)
    assert balance(session, "influencer_due", mina.influencer_id, "ILS") == 0
    order(session, shop=first.shop, code=code_of(mina), external_id=sold.external_id, net_minor=20000,
          refunded_minor=10000, version=AFTER)  # fmt: skip
    second = campaign(session, shop=first.shop, name="Summer", starts_at=AFTER, ends_at=AFTER + timedelta(days=20))
    again = participation(session, campaign=second, influencer=mina.influencer, now=AFTER)
    launch(session, second, AFTER, "one influencer, on purpose")
    order(session, shop=first.shop, code=code_of(again), net_minor=4000, placed_at=AFTER + timedelta(days=1))  # 6.00
    close(session, second, AGENCY, date(2026, 7, 31), AFTER + timedelta(days=40), None, "")
    latest = statements(session, mina)[-1]
    contents = contents_of(latest.document)
    assert latest.amount_minor == 600 - 1500
    assert [line["commission_minor"] for line in contents["lines"] if line["kind"] == "adjustment"] == [-1500]
    assert contents["adjustments_minor"] == -1500 and contents["totals"]["commission_minor"] == 600
    assert breaches(session) == []


def test_a_negative_balance_waits_for_a_later_payout(session: Session):
    test_refund_after_payout_is_a_negative_on_the_next_statement(session)
    with pytest.raises(Conflict, match="nothing is due"):
        pay_out(session, "ILS", AGENCY, ON, AFTER)


def test_a_rate_changed_after_acceptance_changes_nothing_for_who_did_not_accept_it(session: Session):
    live = live_campaign(session, accepted=10)
    mina, omar = participants(session, live)[:2]
    plans.offer_terms(session, live, {**TERMS, "influencer_rate_bps": 1000}, NOW)
    accept(session, omar, 2, "he", NOW, None)
    later = NOW + timedelta(hours=1)
    for person in (mina, omar):
        order(session, shop=live.shop, code=code_of(person), net_minor=10000, placed_at=later)
        order(session, shop=live.shop, code=code_of(person), net_minor=10000, placed_at=START + timedelta(hours=1))
    assert earned(session, mina) == 3000
    assert earned(session, omar) == 1000 + 1500  # 10 % since, 15 % before
    with pytest.raises(Conflict, match="version 2"):
        accept(session, mina, 1, "he", NOW, None)


def test_an_own_rate_holds_for_its_own_person(session: Session):
    draft = campaign(session)
    mina = participation(session, campaign=draft, overrides={"influencer_rate_bps": 2000})
    launch(session, draft, NOW, "a small test")
    order(session, shop=draft.shop, code=code_of(mina), net_minor=10000)
    assert earned(session, mina) == 2000


@pytest.mark.parametrize("typed", [str.lower, lambda code: f"  {code[:3]} {code[3:].lower()} "])
def test_a_code_typed_in_lower_case_with_spaces_is_that_code(session: Session, typed):
    live = live_campaign(session, accepted=10)
    mina = participants(session, live)[0]
    order(session, shop=live.shop, code=typed(code_of(mina)), net_minor=10000)
    assert earned(session, mina) == 1500


def test_two_codes_on_one_order_are_paid_once_and_both_are_shown(session: Session):
    live = live_campaign(session, accepted=10)
    mina, omar = participants(session, live)[:2]
    sold = order(session, shop=live.shop, net_minor=10000)
    sold.codes = [code_of(omar), code_of(mina)]
    settle(session, sold, identity_key(), NOW)
    assert (earned(session, omar), earned(session, mina)) == (1500, 0)
    decision = current_decision(session, sold.id)
    assert [entry["participant"] for entry in decision.evidence["codes"]] == [omar.public_id, mina.public_id]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"placed_at": START - timedelta(minutes=1)}, "refused_outside_dates"),
        ({"currency": "USD"}, "refused_currency"),
        ({"status": "pending"}, "refused_unpaid"),
        ({"test": True}, "refused_test"),
    ],
)
def test_what_is_refused_has_a_reason_and_earns_nothing(session: Session, facts, reason):
    live = live_campaign(session, accepted=10)
    mina = participants(session, live)[0]
    sold = order(session, shop=live.shop, code=code_of(mina), net_minor=10000, **facts)
    assert current_decision(session, sold.id).reason == reason
    assert earned(session, mina) == 0
    assert breaches(session) == []


def test_an_influencer_who_buys_with_the_own_code_earns_nothing(session: Session):
    live = live_campaign(session, accepted=10)
    mina = participants(session, live)[0]
    name, domain = mina.influencer.email.split("@")
    order(session, shop=live.shop, code=code_of(mina), net_minor=10000, email=f"{name.upper()}+shop@{domain}")
    assert earned(session, mina) == 0


def test_a_leaked_code_stops_at_its_moment_and_the_new_one_goes_on(session: Session):
    live = live_campaign(session, accepted=10)
    mina = participants(session, live)[0]
    leaked = code_of(mina)
    replace_code(session, mina, NOW)
    order(session, shop=live.shop, code=leaked, net_minor=10000, placed_at=NOW - timedelta(minutes=1))
    order(session, shop=live.shop, code=leaked, net_minor=10000, placed_at=NOW + timedelta(minutes=1))
    order(session, shop=live.shop, code=code_of(mina), net_minor=2000, placed_at=NOW + timedelta(minutes=1))
    assert code_of(mina) != leaked
    assert earned(session, mina) == 1500 + 300


def test_who_leaves_keeps_what_was_earned_and_stays_on_the_report(session: Session):
    live = live_campaign(session, accepted=10)
    mina = participants(session, live)[0]
    order(session, shop=live.shop, code=code_of(mina), net_minor=10000, placed_at=NOW - timedelta(hours=1))
    leave(session, mina, "withdrawn", "moving abroad", NOW)
    order(session, shop=live.shop, code=code_of(mina), net_minor=10000, placed_at=NOW + timedelta(hours=1))
    report = contents_of(finish(session, live))
    assert next(row for row in report["rows"] if row["participant"] == mina.public_id)["commission_minor"] == 1500


def test_an_order_assigned_by_staff_stays_where_they_put_it(session: Session):
    live = live_campaign(session, accepted=10)
    mina = participants(session, live)[0]
    staff = user(session)
    sold = order(session, shop=live.shop, net_minor=10000)
    decision = assign(session, sold, mina, staff.id, "told us by phone, receipt seen", NOW)
    post_order(session, sold, decision, None, identity_key(), NOW)
    assert earned(session, mina) == 1500
    order(session, shop=live.shop, external_id=sold.external_id, net_minor=8000, version=NOW + timedelta(days=1))
    assert earned(session, mina) == 1200
    assert current_decision(session, sold.id).reason == "manual"
    assert breaches(session) == []


def test_a_payslip_withholds_and_the_rest_is_paid_out(session: Session):
    draft = campaign(session)
    mina = participation(session, campaign=draft, influencer=influencer(session, payee=SLIP))
    launch(session, draft, NOW, "a small test")
    order(session, shop=draft.shop, code=code_of(mina), net_minor=5620333)  # 15 % are 8,430.50
    finish(session, draft)
    slip = session.scalars(select(Payslip)).one()
    assert (slip.gross_minor, slip.income_tax_minor, slip.national_insurance_minor, slip.health_insurance_minor,
            slip.net_minor) == (843050, 23437, 13104, 28642, 777867)  # fmt: skip
    assert contents_of(pay_out(session, "ILS", AGENCY, ON, AFTER))["total_minor"] == 777867
    assert balance(session, "influencer_due", mina.influencer_id, "ILS") == 0
    assert balance(session, "withheld_tax", 0, "ILS") == -(23437 + 13104 + 28642 + 40270)
    assert breaches(session) == []


def test_a_date_without_a_table_row_refuses_the_whole_closing(session: Session):
    draft = campaign(session)
    mina = participation(session, campaign=draft, influencer=influencer(session, payee=SLIP))
    launch(session, draft, NOW, "a small test")
    order(session, shop=draft.shop, code=code_of(mina), net_minor=100000)
    session.commit()
    with pytest.raises(MissingTableRow, match=r"IL\.national_insurance"):
        close(session, draft, AGENCY, date(2027, 6, 30), AFTER, None)
    session.rollback()
    assert session.scalars(select(Document)).all() == []
    assert session.get_one(Campaign, draft.id).status == "live"


def test_open_findings_stop_a_closing_unless_a_reason_is_written(session: Session):
    live = live_campaign(session, accepted=10)
    with pytest.raises(Conflict) as caught:
        close(session, live, AGENCY, ON, NOW, None)
    assert caught.value.findings == close_findings(session, live, NOW) == ["the campaign has not ended yet"]
    report = contents_of(close(session, live, AGENCY, ON, NOW, None, "the brand asked for it"))
    assert report["override_reason"] == "the brand asked for it"
    with pytest.raises(Conflict, match="closed"):
        close(session, live, AGENCY, ON, NOW, None, "again")


def test_a_campaign_of_every_kind_of_order_balances_to_the_last_agora(session: Session):
    live = live_campaign(session, accepted=12, terms={**TERMS, "influencer_rate_bps": 1333, "agency_rate_bps": 777})
    people = participants(session, live)
    for number in range(60):
        person = people[number % 7]
        order(
            session, shop=live.shop, code=code_of(person), net_minor=101 + 37 * number, refunded_minor=number * 11 % 97
        )
    figures = total(figures_of(session, live.id).values())
    report = contents_of(finish(session, live))
    assert report["totals"]["brand_charge_minor"] == figures.commission_minor + figures.agency_fee_minor
    vat_minor = share(figures.agency_fee_minor, 1_800)  # closing billed it
    assert balance(session, "brand_receivable", live.brand_id, "ILS") == figures.brand_charge_minor + vat_minor
    assert session.query(Order).count() == 60
    assert breaches(session) == []


def test_one_influencer_in_two_campaigns_of_two_brands_is_kept_apart(session: Session):
    mina = influencer(session)
    people = []
    for number in (1, 2):
        draft = campaign(
            session, shop=shop(session, brand=brand(session, name=f"Brand {number}"), domain="shop.example.com")
        )
        people.append(participation(session, campaign=draft, influencer=mina))
        launch(session, draft, NOW, "a small test")
        order(session, shop=draft.shop, code=code_of(people[-1]), net_minor=10000 * number)
    assert [earned(session, person) for person in people] == [1500, 3000]
    finish(session, people[0].campaign)
    assert [row.amount_minor for row in statements(session, people[0])] == [1500]
