"""How far a shop is connected, told by what has come of it."""

from sqlalchemy.orm import Session

from campaigns.models import Shop
from campaigns.planning.connecting import connection, is_connected
from tests import factories
from tests.tracking.platforms.payloads import standard_data

PLAIN = {"coupon_codes": [], "click_id": "", "landing_url": ""}


def states(session: Session, shop: Shop) -> list[str]:
    session.flush()
    return [step.state for step in connection(session, shop)]


def test_a_new_shop_has_every_step_before_it(session: Session):
    shop = factories.shop(session)
    assert states(session, shop) == ["open"] * 5
    assert not is_connected(connection(session, shop))


def test_a_ping_shows_that_the_shop_reaches_us_and_nothing_more(session: Session):
    shop = factories.shop(session)
    shop.pinged_at = factories.NOW
    assert states(session, shop) == ["done", "open", "open", "open", "open"]


def test_refused_messages_only_are_trouble_with_the_secret(session: Session):
    shop = factories.shop(session)
    shop.refused_deliveries = 3
    assert states(session, shop) == ["done", "trouble", "open", "open", "open"]


def test_a_message_that_cannot_be_read_is_trouble_with_the_reading(session: Session):
    shop = factories.shop(session)
    factories.delivery(session, shop=shop)
    assert states(session, shop) == ["done", "done", "trouble", "open", "open"]


def test_an_order_that_is_read_connects_and_is_shown(session: Session):
    shop = factories.shop(session)
    factories.delivery(session, shop=shop, body={"type": "order.paid", "data": standard_data(**PLAIN)})
    steps = connection(session, shop)
    assert is_connected(steps) and steps[2].order is not None and steps[2].order.external_id == "SO-1"
    assert states(session, shop) == ["done", "done", "done", "open", "open"]


def test_what_an_order_carries_is_seen_in_any_of_the_newest(session: Session):
    shop = factories.shop(session)
    factories.order(session, shop=shop, code="NOA10", external_id="1")
    factories.order(session, shop=shop, external_id="2", landing_url="https://shop.example.com/?click_id=x")
    factories.order(session, shop=shop, external_id="3")
    _, _, read, code, click = connection(session, shop)
    assert [step.order.external_id for step in (read, code, click) if step.order] == ["3", "1", "2"]


def test_another_shops_orders_connect_nobody_else(session: Session):
    shop = factories.shop(session)
    factories.order(session, shop=factories.shop(session, domain="other.example.com"), code="NOA10")
    assert states(session, shop) == ["open"] * 5
