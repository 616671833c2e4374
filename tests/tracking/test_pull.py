"""Pulling changed orders: every one, once, whatever happens in between."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.addresses import Unreachable
from campaigns.db import db
from campaigns.errors import Conflict
from campaigns.models import AttributionDecision, Delivery, Order, Shop, ShopAlarm
from campaigns.sealed import Unopenable
from campaigns.settlement.books.check import breaches
from campaigns.tracking import pull
from campaigns.tracking.alarms import API_UNREACHABLE, open_alarm
from campaigns.tracking.pull import OVERLAP, pull_shop, pull_shops
from campaigns.tracking.shop_api import keep_credentials
from tests import factories
from tests.factories import NOW
from tests.fakes.shop_server import serving_shop
from tests.fakes.shopify_admin import ShopifyAdmin
from tests.fakes.woocommerce_rest import WooCommerceRest
from tests.tracking.asking import asking, joined_shop

FAKES = {"shopify": ShopifyAdmin, "woocommerce": WooCommerceRest}
AN_HOUR = timedelta(hours=1)
Fake = ShopifyAdmin | WooCommerceRest


@pytest.fixture(params=FAKES)
def fake(request: pytest.FixtureRequest) -> Iterator[Fake]:
    with serving_shop(FAKES[request.param]()) as serving:
        yield serving


@pytest.fixture
def place(session: Session, fake: Fake) -> Shop:
    platform = next(name for name, kind in FAKES.items() if isinstance(fake, kind))
    return joined_shop(session, fake, platform)


def sold(fake: Fake, *numbers: int, **fields: Any) -> None:
    for number in numbers:
        fake.add(number, **fields)


def known(session: Session) -> list[str]:
    return sorted(session.scalars(select(Order.external_id)))


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_every_order_of_three_pages_is_kept_and_the_next_pull_begins_there(session: Session, fake: Fake, place: Shop):
    sold(fake, *range(101, 108))
    fake.most = 3
    pulled = pull_shop(session, place.id, asking(), NOW)
    assert (pulled.orders, pulled.new, fake.pages) == (7, 7, 3)
    assert known(session) == [str(number) for number in range(101, 108)]
    assert place.pulled_to == NOW and set(session.scalars(select(Delivery.origin))) == {"pull"}


def test_what_is_known_already_is_no_news(session: Session, fake: Fake, place: Shop):
    sold(fake, 101, 102)
    pull_shop(session, place.id, asking(), NOW)
    again = pull_shop(session, place.id, asking(), NOW + AN_HOUR)
    assert (again.orders, again.new, count(session, Delivery)) == (2, 0, 2)


def test_what_was_pulled_is_credited_like_a_delivery(session: Session, fake: Fake, place: Shop):
    campaign = factories.live_campaign(session, shop=place, accepted=10)
    code = factories.participants(session, campaign)[0].code.code
    codes = {"discount_codes": [{"code": code}], "discount_applications": [{"type": "discount_code", "code": code}]}
    sold(fake, 101, **(codes if isinstance(fake, ShopifyAdmin) else {"coupon_lines": [{"code": code}]}))
    session.commit()
    pull_shop(session, place.id, asking(), NOW)
    assert session.scalars(select(AttributionDecision)).one().campaign_id == campaign.id
    assert breaches(session) == []


def test_a_pull_goes_back_two_hours_before_the_last_one(session: Session, fake: Fake, place: Shop):
    place.pulled_to = NOW
    session.commit()
    pull_shop(session, place.id, asking(), NOW + AN_HOUR)
    asked = {"ShopifyAdmin": "updated_at_min=2026-05-10T10%3A00%3A00Z", "WooCommerceRest": "2026-05-10T09%3A59%3A59"}
    assert OVERLAP == timedelta(hours=2) and asked[type(fake).__name__] in fake.asked[0]


def test_the_first_pull_begins_where_the_campaign_did(session: Session, fake: Fake, place: Shop):
    factories.live_campaign(session, shop=place, accepted=10)
    session.commit()
    pull_shop(session, place.id, asking(), NOW)
    assert "2026-05-01T0" in fake.asked[0]  # the campaign began on 1 May at 06:00


def test_an_order_changed_between_two_pages_makes_no_other_be_skipped(session: Session, fake: Fake, place: Shop):
    sold(fake, *range(101, 107))
    fake.most = 2

    def change(page: int) -> None:
        if page == 1:
            times = {"updated_at": "2026-05-10T11:59:00Z", "date_modified_gmt": "2026-05-10T11:59:00"}
            sold(fake, 101, **times)

    fake.between = change
    pull_shop(session, place.id, asking(), NOW)
    assert known(session) == [str(number) for number in range(101, 107)]


def test_an_order_taken_away_between_two_pages_makes_no_other_be_skipped(session: Session, fake: Fake, place: Shop):
    sold(fake, *range(101, 107))
    fake.most = 2
    fake.between = lambda page: fake.orders.pop(101, None) if page == 1 else None
    pull_shop(session, place.id, asking(), NOW)
    assert known(session) == [str(number) for number in range(101, 107)]


@pytest.mark.parametrize("faults", [[(429, "0.1")], [None, (429, "0.1"), 500, "cut"], [502, 503]])
def test_limits_and_faults_that_pass_are_not_noticed(session: Session, fake: Fake, place: Shop, faults: list[Any]):
    sold(fake, *range(101, 106))
    fake.most, fake.faults = 2, faults
    assert pull_shop(session, place.id, asking(patience=30), NOW).new == 5
    assert count(session, ShopAlarm) == 0


class Killed(BaseException):
    """The process ends here."""


def test_a_pull_killed_between_pages_is_begun_again_and_ends_whole(
    session: Session, fake: Fake, place: Shop, monkeypatch: pytest.MonkeyPatch
):
    sold(fake, *range(101, 106))
    fake.most = 2
    keep, pages = pull.keep_told, iter(range(3))

    def kill_at_the_second(*facts: Any) -> int:
        if next(pages) == 1:
            raise Killed
        return keep(*facts)

    with monkeypatch.context() as doomed, pytest.raises(Killed):
        doomed.setattr(pull, "keep_told", kill_at_the_second)
        pull_shop(session, place.id, asking(), NOW)
    session.rollback()
    assert (known(session), place.pulled_to) == (["101", "102"], None)
    session.rollback()
    assert pull_shop(session, place.id, asking(), NOW).new == 3
    assert (len(known(session)), place.pulled_to) == (5, NOW)


@pytest.mark.parametrize("fault", [500, "hang", "cut", "html", "redirect", 401, 403, 404, (429, "3600")])
def test_a_shop_that_can_not_be_asked_raises_one_alarm_until_it_can(
    session: Session, fake: Fake, place: Shop, fault: Any
):
    sold(fake, 101)
    for _ in range(2):
        fake.faults = [fault] * 20
        with pytest.raises(Unreachable):
            pull_shop(session, place.id, asking(), NOW)
    raised = open_alarm(session, place.id, API_UNREACHABLE)
    assert raised is not None and raised.facts["reason"] and place.pulled_to is None
    session.rollback()
    fake.faults = []
    pull_shop(session, place.id, asking(), NOW + AN_HOUR)
    assert session.scalars(select(ShopAlarm)).one().cleared_at == NOW + AN_HOUR
    assert known(session) == ["101"]


def test_a_page_too_long_is_asked_for_in_smaller_ones(session: Session, fake: Fake, place: Shop):
    sold(fake, *range(101, 109), note="x" * 20_000)
    assert pull_shop(session, place.id, asking(longest=50_000), NOW).orders == 8
    assert len(known(session)) == 8


def test_one_order_too_long_by_itself_raises_an_alarm(session: Session, fake: Fake, place: Shop):
    sold(fake, 101, note="x" * 60_000)
    with pytest.raises(Unreachable, match="more than we take"):
        pull_shop(session, place.id, asking(longest=50_000), NOW)
    assert open_alarm(session, place.id, API_UNREACHABLE) is not None


def test_wrong_credentials_are_said_and_never_shown(session: Session, fake: Fake, place: Shop):
    with serving_shop(type(fake)()) as other:
        wrong = {"access_token": "wrong_token", "consumer_key": "wrong_token", "consumer_secret": "wrong_token"}
        keep_credentials(place, asking().sealing_key, other.url, wrong)
        session.commit()
        with pytest.raises(Unreachable, match="refuses the credentials"):
            pull_shop(session, place.id, asking(), NOW)
    alarm = open_alarm(session, place.id, API_UNREACHABLE)
    assert alarm is not None and "wrong_token" not in str(alarm.facts)


def test_credentials_led_to_another_address_do_not_open(session: Session, fake: Fake, place: Shop):
    with serving_shop(type(fake)()) as eve:
        place.api_url = eve.url
        session.commit()
        with pytest.raises(Unopenable, match="does not open"):
            pull_shop(session, place.id, asking(), NOW)
        assert eve.asked == []


def test_one_shop_out_of_reach_keeps_no_other_from_being_pulled(session: Session, fake: Fake, place: Shop):
    with serving_shop(ShopifyAdmin()) as other:
        second = joined_shop(session, other, "shopify")
        other.add(501)
        fake.faults = [500] * 20
        pull_shops(session, asking(), NOW)
    assert known(session) == ["501"]
    assert (place.pulled_to, second.pulled_to) == (None, NOW)


def test_a_pull_of_a_week_goes_back_a_week_and_moves_the_mark(session: Session, fake: Fake, place: Shop):
    place.pulled_to = NOW - AN_HOUR
    session.commit()
    pull_shops(session, asking(), NOW, back=pull.WEEK)
    assert "2026-05-03T1" in fake.asked[0] and place.pulled_to == NOW


def test_a_pull_of_the_last_minutes_leaves_no_gap_behind_it(session: Session, fake: Fake, place: Shop):
    place.pulled_to = NOW - 5 * AN_HOUR
    session.commit()
    pull_shop(session, place.id, asking(), NOW, since=NOW - AN_HOUR)
    assert place.pulled_to == NOW - 5 * AN_HOUR


def test_a_shop_without_credentials_is_not_asked(session: Session):
    bare = factories.shop(session, platform="shopify")
    session.commit()
    assert pull.pullable(session) == []
    session.rollback()
    with pytest.raises(Conflict):
        pull_shop(session, bare.id, asking(), NOW)


def test_no_transaction_waits_while_a_shop_is_asked(session: Session, fake: Fake, place: Shop):
    sold(fake, *range(101, 106))
    fake.most, busy, mine = 2, [], db.session()
    fake.between = lambda page: busy.append(mine.in_transaction())
    pull_shop(session, place.id, asking(), NOW)
    assert busy == [False, False, False]
