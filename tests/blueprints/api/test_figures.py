"""What a campaign sold and earned, over the API; the sums fit on a slip of paper."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.ids import masked
from campaigns.models import Mail
from tests import factories, whole_campaign
from tests.blueprints.api.calls import Program
from tests.whole_campaign import Cast


@pytest.fixture
def cast(session: Session) -> Cast:
    """Mina sold for 200.00, Noa for 1,000.00, Tal nothing; 15 % and 3 %."""
    return whole_campaign.a_live_campaign(session)


def figures(orders: int, sales: int, refunded: int, commission: int, fee: int) -> dict[str, int]:
    """As answered, without clicks."""
    return {
        "clicks": 0,
        "orders": orders,
        "contacts": 0,
        "sales_minor": sales,
        "refunded_minor": refunded,
        "commission_minor": commission,
        "agency_fee_minor": fee,
        "brand_charge_minor": commission + fee,
    }


def test_stats_are_per_participant_and_in_all(agency: Program, cast: Cast):
    stats = agency.get(f"/campaigns/{cast.campaign.public_id}/stats")
    assert (stats["currency"], stats["totals"]) == ("ILS", figures(2, 120_000, 0, 18_000, 3_600))
    mina, _, tal = stats["participants"]
    assert mina == {
        "participant": cast.mina.public_id,
        "influencer": cast.mina.influencer.public_id,
        "coupon_code": cast.mina.code.code,
        **figures(1, 20_000, 0, 3_000, 600),
    }
    assert {name: tal[name] for name in figures(0, 0, 0, 0, 0)} == figures(0, 0, 0, 0, 0)


def test_influencers_see_their_own_figures_only(program: Callable[..., Program], session: Session, cast: Cast):
    own = program(factories.user(session, influencer=cast.mina.influencer))
    stats = own.get(f"/campaigns/{cast.campaign.public_id}/stats")
    assert [row["participant"] for row in stats["participants"]] == [cast.mina.public_id]
    assert stats["totals"] == figures(1, 20_000, 0, 3_000, 600)
    people = own.get(f"/campaigns/{cast.campaign.public_id}/participants")["items"]
    assert [person["id"] for person in people] == [cast.mina.public_id]


def test_an_order_says_whose_it_is_and_why(agency: Program, session: Session, cast: Cast):
    factories.order(session, shop=cast.campaign.shop, code=cast.mina.code.code, net_minor=9_000, refunded_minor=4_000)
    order = agency.get(f"/campaigns/{cast.campaign.public_id}/orders")["items"][-1]
    assert (order["net_minor"], order["refunded_minor"]) == (9_000, 4_000)
    assert (order["commission_minor"], order["agency_fee_minor"]) == (750, 150)
    assert order["attribution"]["participant"] == cast.mina.public_id
    assert order["attribution"]["reason"] == "coupon"


def test_orders_are_listed_by_page_and_by_reason(agency: Program, session: Session, cast: Cast):
    factories.order(session, shop=cast.campaign.shop, net_minor=5_000)
    path = f"/campaigns/{cast.campaign.public_id}/orders"
    first = agency.get(path, limit=2)
    rest = agency.get(path, limit=2, cursor=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert [order["net_minor"] for order in agency.get(path, reason="none")["items"]] == [5_000]


def test_a_brand_sees_only_orders_it_is_charged_for(program: Callable[..., Program], session: Session, cast: Cast):
    factories.order(session, shop=cast.campaign.shop, net_minor=5_000)
    brand = program(factories.user(session, brand=cast.campaign.brand))
    orders = brand.get(f"/campaigns/{cast.campaign.public_id}/orders")["items"]
    assert [order["net_minor"] for order in orders] == [20_000, 100_000]


def test_staff_may_credit_an_order_with_a_reason(agency: Program, session: Session, cast: Cast):
    order = factories.order(session, shop=cast.campaign.shop, net_minor=10_000)
    path, body = f"/orders/{order.public_id}/assign", {"participant": cast.tal.public_id}
    assert list(agency.post(path, {**body, "reason": ""}, status=422)["errors"]) == ["reason"]
    assigned = agency.post(path, {**body, "reason": "the code was read out on the phone"})
    assert (assigned["commission_minor"], assigned["agency_fee_minor"]) == (1_500, 300)
    assert assigned["attribution"]["reason"] == "manual"
    assert "phone" in assigned["attribution"]["evidence"]["assigned_because"]
    assert session.scalars(select(Mail.recipient)).all() == [cast.tal.influencer.email]


def test_a_reason_of_blanks_is_none(agency: Program, session: Session, cast: Cast):
    order = factories.order(session, shop=cast.campaign.shop)
    body = {"participant": cast.tal.public_id, "reason": "  "}
    assert list(agency.post(f"/orders/{order.public_id}/assign", body, status=422)["errors"]) == ["reason"]


def test_an_order_goes_to_nobody_in_another_shop(agency: Program, session: Session, cast: Cast):
    order = factories.order(session, shop=cast.campaign.shop)
    stranger = factories.participation(session)
    body = {"participant": stranger.public_id, "reason": "by mistake"}
    assert list(agency.post(f"/orders/{order.public_id}/assign", body, status=422)["errors"]) == ["participant"]


def test_a_statement_can_be_asked_for_as_of_any_moment(
    agency: Program, session: Session, cast: Cast, clock: time_machine.Traveller
):
    later = factories.NOW + timedelta(days=1)
    code = cast.mina.code.code
    factories.order(session, shop=cast.campaign.shop, code=code, net_minor=10_000, placed_at=later)
    clock.move_to(later + timedelta(hours=1))
    path, whose = f"/campaigns/{cast.campaign.public_id}/statement", cast.mina.public_id
    now = agency.get(path, participant=whose)
    assert now["totals"] == {"orders": 2, "commission_minor": 4_500}
    before = agency.get(path, participant=whose, as_of="2026-05-11T11:59:59Z")
    assert before["totals"] == {"orders": 1, "commission_minor": 3_000}
    assert agency.get(path, participant=whose, as_of="2026-05-11T15:00:00+03:00")["lines"] == now["lines"]
    assert agency.get(path, participant=whose, as_of="2026-04-01T00:00:00Z")["lines"] == []


def test_an_influencer_reads_masked_numbers_in_their_statement(
    agency: Program, program: Callable[..., Program], session: Session, cast: Cast
):
    own = program(factories.user(session, influencer=cast.mina.influencer))
    path, whose = f"/campaigns/{cast.campaign.public_id}/statement", cast.mina.public_id
    (whole,), (mine,) = (reader.get(path, participant=whose)["lines"] for reader in (agency, own))
    assert whole["order_number"].startswith("#order-of-mina")
    assert mine == whole | {"order_number": masked(whole["order_number"])}


def test_a_moment_that_is_none_is_named(agency: Program, cast: Cast):
    path = f"/campaigns/{cast.campaign.public_id}/statement"
    for moment in ("yesterday", "2026-05-11T12:00:00", "0001-01-01T00:00:00+14:00", "\x00"):
        assert list(agency.get(path, 422, participant=cast.mina.public_id, as_of=moment)["errors"]) == ["as_of"]


def test_a_statement_is_of_a_participant_of_that_campaign(agency: Program, session: Session, cast: Cast):
    path, stranger = f"/campaigns/{cast.campaign.public_id}/statement", factories.participation(session)
    assert agency.get(path, 404, participant=stranger.public_id) == agency.get(path, 404, participant="nobody")
    agency.get(path, 404)
