"""Alarms of shops' feeds: opened for a reason, once, while something is at stake; cleared when the reason is gone."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaigns.db import reading
from campaigns.models import Campaign, Shop, ShopAlarm
from campaigns.tracking import watch
from campaigns.tracking.alarms import open_alarms
from campaigns.tracking.watch import missed_by_webhook
from tests.factories import NOW, live_campaign, shop
from tests.tracking.feeds import HOUR, STOP, came, hourly, pulled, selling


def look(session: Session, now=NOW) -> list[str]:
    """Look as the worker does; the kinds of alarms that are open afterwards."""
    session.commit()
    with reading():
        needed = watch.changes(session, now)
        session.rollback()
    watch.carry_out(session, needed, now)
    session.commit()
    return [alarm.kind for alarm in open_alarms(session)]


def refuse(session: Session, place: Shop, count: int) -> None:
    more = Shop.refused_deliveries + count
    session.execute(update(Shop).where(Shop.id == place.id).values(refused_deliveries=more))


def test_a_feed_that_fell_silent_during_a_campaign_opens_an_alarm_with_its_figures(session: Session) -> None:
    selling(session)
    assert look(session) == ["silent"]
    (alarm,) = open_alarms(session)
    assert (alarm.raised_at, alarm.facts["since"]) == (NOW, STOP.isoformat())
    assert (alarm.facts["expected"], alarm.facts["enough"]) == (25, 21)


def test_a_feed_that_is_heard_opens_none_and_writes_nothing_once_noted(session: Session) -> None:
    selling(session, until=NOW - HOUR)
    assert look(session) == []
    assert not watch.changes(session, NOW)


@pytest.mark.parametrize(
    ("change", "alarms"),
    [
        ({"status": "draft"}, []),
        ({"status": "ready"}, []),
        ({"status": "cancelled"}, []),
        ({"status": "closed"}, []),
        ({"status": "ended", "ends_at": NOW - timedelta(days=13)}, ["silent"]),
        ({"status": "ended", "ends_at": NOW - timedelta(days=15)}, []),
        ({"status": "reconciling", "ends_at": NOW - timedelta(days=15), "grace_days": 2}, ["silent"]),
    ],
    ids=str,
)
def test_silence_counts_while_orders_come_or_may_be_returned(session: Session, change, alarms: list[str]) -> None:
    """Goods may be returned for 14 days."""
    campaign = selling(session)
    for name, value in change.items():
        setattr(campaign, name, value)
    assert look(session) == alarms


def test_the_alarm_clears_by_itself_when_the_feed_is_back_and_may_open_again(session: Session) -> None:
    campaign = selling(session)
    look(session)
    came(session, campaign.shop, [NOW + number * HOUR for number in range(100)])
    assert look(session, NOW + HOUR) == []
    assert look(session, NOW + 130 * HOUR) == ["silent"]
    opened = session.execute(select(ShopAlarm.raised_at, ShopAlarm.cleared_at).order_by(ShopAlarm.id)).all()
    assert opened == [(NOW, NOW + HOUR), (NOW + 130 * HOUR, None)]


def test_the_alarm_clears_when_the_campaign_is_over(session: Session) -> None:
    campaign = selling(session)
    assert look(session) == ["silent"]
    campaign.status = "closed"
    assert look(session) == []


def test_what_was_pulled_or_read_back_does_not_make_a_feed_heard(session: Session) -> None:
    campaign = selling(session)
    for origin in ("pull", "read_back"):
        came(session, campaign.shop, [NOW - HOUR], origin=origin)
    assert look(session) == ["silent"]


def test_orders_known_by_pull_only_say_that_the_hook_is_off_long_before_silence_does(session: Session) -> None:
    campaign = selling(session, until=NOW - 4 * HOUR, platform="woocommerce")
    for number in range(3):
        pulled(session, campaign.shop, number, NOW - 3 * HOUR)
    assert look(session) == ["hook_disabled"]
    assert open_alarms(session)[0].facts["orders"] == ["P0", "P1", "P2"]


def test_one_pulled_order_tells_a_switched_off_hook_from_a_quiet_shop(session: Session) -> None:
    campaign = selling(session)
    assert look(session) == ["silent"]
    pulled(session, campaign.shop, 1, NOW - 3 * HOUR)
    assert look(session) == ["hook_disabled"]


def test_only_orders_placed_since_the_last_webhook_and_not_just_now_are_missed(session: Session) -> None:
    campaign = selling(session, until=NOW - 4 * HOUR)
    place, connection = campaign.shop, session.connection()
    for number, placed_at in enumerate((NOW - 9 * HOUR, NOW - HOUR // 2, NOW - 3 * HOUR)):
        pulled(session, place, number, placed_at)
    (told,) = came(session, place, [NOW - 2 * HOUR])
    told.order_external_id = "P2"
    session.flush()
    assert missed_by_webhook(connection, place.id, NOW - 4 * HOUR, NOW - HOUR) == []
    assert missed_by_webhook(connection, place.id, NOW - 10 * HOUR) == ["P0", "P1"]


def test_a_shop_without_webhooks_misses_nothing_by_them(session: Session) -> None:
    place = live_campaign(session, accepted=1).shop
    for number in range(3):
        pulled(session, place, number, NOW - 3 * HOUR)
    assert missed_by_webhook(session.connection(), place.id, NOW - 9 * HOUR) == []
    assert look(session) == []


def test_a_run_of_refusals_opens_an_alarm_and_a_genuine_delivery_clears_it(session: Session) -> None:
    campaign = selling(session, until=NOW)
    refuse(session, campaign.shop, 9)
    assert look(session) == []  # from before anybody looked
    refuse(session, campaign.shop, 4)
    assert look(session) == []
    refuse(session, campaign.shop, 1)
    assert look(session) == ["refused"]
    assert open_alarms(session)[0].facts == {"count": 5}
    came(session, campaign.shop, [NOW + HOUR])
    assert look(session, NOW + HOUR) == []


def test_refusals_among_genuine_deliveries_are_a_strangers(session: Session) -> None:
    campaign = selling(session, until=NOW)
    look(session)
    for number in range(1, 5):
        refuse(session, campaign.shop, 4)
        came(session, campaign.shop, [NOW + number * HOUR])
        assert look(session, NOW + number * HOUR) == []


def test_five_failures_in_a_row_open_an_alarm_from_the_launch_on(session: Session) -> None:
    campaign = selling(session, until=NOW - HOUR)
    campaign.status = "ready"
    came(session, campaign.shop, [NOW] * 4, status="failed")
    assert look(session) == []
    (last,) = came(session, campaign.shop, [NOW], status="failed")
    assert look(session) == ["failing"]
    assert open_alarms(session)[0].facts["reason"] == "lines[0].tax: missing"
    last.status = "processed"
    assert look(session) == []


def test_each_shop_has_alarms_of_its_own(session: Session) -> None:
    silent, heard = selling(session), selling(session, until=NOW)
    assert look(session) == ["silent"]
    assert open_alarms(session, heard.shop_id) == []
    assert [alarm.shop_id for alarm in open_alarms(session, silent.shop_id)] == [silent.shop_id]


def test_a_second_open_alarm_of_a_kind_is_refused_by_the_database(session: Session) -> None:
    place = shop(session)
    for _ in range(2):
        session.add(ShopAlarm(shop_id=place.id, kind="silent", raised_at=NOW, facts={}))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_young_feed_is_not_judged(session: Session) -> None:
    campaign: Campaign = live_campaign(session, accepted=1)
    came(session, campaign.shop, hourly(STOP, days=5))
    assert look(session) == []
