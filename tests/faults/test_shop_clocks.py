"""A shop's clock that is ahead: by hours a sale is still credited, and by years no order is held as it was for ever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.models import AttributionDecision, Delivery, Order
from campaigns.tracking.inbox import replay
from campaigns.tracking.shop_clocks import AHEAD, believed
from tests import factories
from tests.factories import END, NOW, START, TERMS, identity_key
from tests.fakes.shop_server import serving_shop
from tests.fakes.shopify_admin import ShopifyAdmin
from tests.faults.books import posted
from tests.faults.shopify import COMMISSION_MINOR, order_body
from tests.faults.stage import Stage, set_stage
from tests.faults.test_clocks import A_MINUTE, AN_HOUR, clock, pulled, send
from tests.tracking.asking import joined_shop

__all__ = ["clock"]
YEARS_AHEAD = datetime(2099, 1, 1, tzinfo=UTC)


def reason(session: Session, order: Order) -> str:
    return session.scalars(select(AttributionDecision.reason).filter_by(order_id=order.id)).one()


@pytest.mark.parametrize("ahead", [10 * A_MINUTE, 3 * AN_HOUR, 14 * AN_HOUR], ids=["minutes", "hours", "zone"])
def test_a_sale_after_a_click_is_credited_by_a_clock_that_is_ahead(session: Session, ahead: timedelta) -> None:
    campaign = factories.live_campaign(session, accepted=1)
    (person,) = factories.participants(session, campaign)
    public = factories.click_id(factories.click(session, participation=person, at=NOW))
    order = factories.order(
        session, shop=campaign.shop, placed_at=NOW + A_MINUTE + ahead, taken_at=NOW + A_MINUTE, click_ids=(public,)
    )
    assert reason(session, order) == "link" and posted(session, "influencer_pending") == -1500


@pytest.mark.parametrize(
    ("really", "credited"),
    [
        (START - 11 * A_MINUTE, "refused_outside_dates"),
        (START - 9 * A_MINUTE, "coupon"),
        (END - 11 * A_MINUTE, "coupon"),
        (END - 9 * A_MINUTE, "refused_outside_dates"),
    ],
)
def test_a_campaign_begins_and_ends_by_the_clock_of_its_shop(session: Session, really: datetime, credited: str) -> None:
    """Ten minutes ahead, it sells under the campaign from ten minutes before the start, and no more in the last ten."""
    campaign = factories.live_campaign(session, accepted=1)
    (person,) = factories.participants(session, campaign)
    assert person.code is not None
    placed_at = really + 10 * A_MINUTE
    order = factories.order(session, shop=campaign.shop, code=person.code.code, placed_at=placed_at, taken_at=really)
    assert reason(session, order) == credited


def test_a_link_holds_for_its_window_by_the_clock_of_the_shop(session: Session) -> None:
    """Of a window of days the last minutes are lost to a clock that is ahead, and a sale within the rest is not."""
    campaign = factories.live_campaign(session, accepted=1, terms={**TERMS, "attribution": {"link_window_days": 3}})
    (person,) = factories.participants(session, campaign)
    clicked = NOW - timedelta(days=3)
    public = factories.click_id(factories.click(session, participation=person, at=clicked))
    told = [
        reason(session, factories.order(session, shop=campaign.shop, placed_at=at, taken_at=NOW, click_ids=(public,)))
        for at in (NOW, NOW + 10 * A_MINUTE)
    ]
    assert told == ["link", "none"]


def test_an_order_dated_years_ahead_earns_nothing_and_is_credited_once_its_date_is_put_right(session: Session) -> None:
    campaign = factories.live_campaign(session, accepted=1)
    (person,) = factories.participants(session, campaign)
    assert person.code is not None
    sold: dict[str, Any] = {"shop": campaign.shop, "code": person.code.code, "external_id": "7"}
    order = factories.order(session, **sold, placed_at=YEARS_AHEAD, version=NOW, taken_at=NOW)
    assert reason(session, order) == "refused_outside_dates" and posted(session, "influencer_pending") == 0
    factories.order(session, **sold, placed_at=NOW, version=NOW + A_MINUTE, taken_at=NOW + A_MINUTE)
    assert posted(session, "influencer_pending") == -1500


def deliver(
    app: Flask, stage: Stage, name: str, updated: datetime, topic: str = "orders/updated", **fields: str
) -> int:
    """Order 1 as the shop tells of it at one time, changed at another by its own clock."""
    body = order_body(1, stage.codes[0], NOW - AN_HOUR, note=name, **fields)
    said = body.replace(f'"updated_at": "{iso(NOW - AN_HOUR)}"'.encode(), f'"updated_at": "{iso(updated)}"'.encode())
    return send(app, stage.signed(said, name, topic)).status_code


def earned(session: Session) -> int:
    """What stands on the books for influencers; no transaction stays open, for the door needs one of its own."""
    total = -posted(session, "influencer_pending")
    session.rollback()
    return total


def states(session: Session) -> list[tuple[str, bool]]:
    session.rollback()
    found = session.execute(select(Order.status, Order.deleted)).all()
    session.rollback()
    return [(row[0], row[1]) for row in found]


def told_years_ahead_and_then_cancelled(app: Flask, session: Session, clock: time_machine.Traveller) -> None:
    """The order comes as a state of a year to come, and a minute later as it is by then."""
    stage = set_stage(session)
    deliver(app, stage, "ahead", YEARS_AHEAD)
    clock.move_to(NOW + A_MINUTE)
    deliver(app, stage, "right", NOW + A_MINUTE, cancelled_at=iso(NOW + A_MINUTE))


def test_an_order_changed_in_a_year_to_come_follows_what_the_shop_tells_afterwards(
    app: Flask, session: Session, clock: time_machine.Traveller
) -> None:
    told_years_ahead_and_then_cancelled(app, session, clock)
    assert states(session) == [("cancelled", False)] and earned(session) == 0


def test_a_delivery_stamped_years_ahead_and_replayed_weeks_later_takes_nothing_back(
    app: Flask, session: Session, clock: time_machine.Traveller
) -> None:
    told_years_ahead_and_then_cancelled(app, session, clock)
    session.rollback()
    first = session.scalars(select(Delivery).filter_by(delivery_id="ahead")).one()
    replay(session, first, identity_key(), NOW + 500 * AN_HOUR)
    session.commit()
    assert states(session) == [("cancelled", False)] and earned(session) == 0


def test_an_order_changed_in_a_year_to_come_can_be_deleted_and_a_deletion_of_then_be_outlived(
    app: Flask, session: Session, clock: time_machine.Traveller
) -> None:
    stage = set_stage(session)
    deliver(app, stage, "ahead", YEARS_AHEAD)
    gone = stage.signed(b'{"id": 1}', "gone", "orders/delete")
    clock.move_to(NOW + A_MINUTE)
    send(app, replace(gone, headers={**gone.headers, "X-Shopify-Triggered-At": iso(YEARS_AHEAD)}))
    assert states(session) == [("paid", True)] and earned(session) == 0
    clock.move_to(NOW + 2 * A_MINUTE)
    deliver(app, stage, "back", NOW + 2 * A_MINUTE)
    assert states(session) == [("paid", False)] and earned(session) == COMMISSION_MINOR


def test_an_order_pulled_with_a_year_to_come_follows_the_next_pull(session: Session) -> None:
    with serving_shop(ShopifyAdmin()) as fake:
        shop = joined_shop(session, fake, "shopify")
        fake.add(1, created_at=iso(NOW), updated_at=iso(YEARS_AHEAD))
        pulled(session, shop, NOW + A_MINUTE)
        fake.add(1, created_at=iso(NOW), updated_at=iso(NOW + 2 * A_MINUTE), cancelled_at=iso(NOW + 2 * A_MINUTE))
        pulled(session, shop, NOW + 3 * A_MINUTE)
        assert states(session) == [("cancelled", False)]


def test_two_days_are_believed_and_not_a_second_more() -> None:
    late = timedelta(seconds=1)
    assert [believed(NOW + AHEAD, NOW), believed(NOW + AHEAD + late, NOW)] == [NOW + AHEAD, NOW]
    assert believed(NOW - 9 * AHEAD, NOW) == NOW - 9 * AHEAD
