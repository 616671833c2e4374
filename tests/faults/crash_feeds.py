"""The crash points of feeds: deliveries read again, read back, pulled and emptied, and old clicks let go."""

import json
import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.clock import iso, utc_now
from campaigns.db import begin_writing, db
from campaigns.ids import TimeOrdered
from campaigns.models import Campaign, Click, ClickDay, Delivery, Order, ReplayRun, RetentionMark, Shop
from campaigns.tracking import replaying
from campaigns.tracking.clicks import Visit, click_row, write_clicks
from campaigns.tracking.links import find_target
from tests import factories
from tests.fakes.bigcommerce_v2 import BigCommerce
from tests.fakes.shop_server import FakeShop
from tests.fakes.shopify_admin import ShopifyAdmin
from tests.faults.books import assert_exactly_once
from tests.faults.crash_cases import NUMBERS, Case
from tests.faults.shopify import order_body
from tests.faults.stage import Stage, set_stage
from tests.tracking.asking import joined_shop
from tests.tracking.platforms.read_back_payloads import bigcommerce

A_RUN = replaying.SLICE + 10  # two slices
OLD = timedelta(days=500)


def some(many: int) -> list[int]:
    """Numbers no order has yet."""
    return [next(NUMBERS) for _ in range(many)]


def unfinished(shop_id: int, topic: str, name: str, body: bytes, status: str, at: datetime) -> Delivery:
    """A delivery the worker is to go on with, due now."""
    return Delivery(
        shop_id=shop_id, topic=topic, delivery_id=name, body=zlib.compress(body), body_sha256=sha256(body).hexdigest(),
        received_at=at, status=status, retry_at=at,
    )  # fmt: skip


def failed_before(session: Session, stage: Stage, numbers: Iterable[int]) -> int:
    """Deliveries of orders that could not be taken in and now can; the shop's id."""
    shop_id = session.scalars(select(Shop.id).filter_by(public_id=stage.shop_id)).one()
    for number in numbers:
        body = order_body(number, stage.codes[number % len(stage.codes)], stage.now - timedelta(hours=1))
        session.add(unfinished(shop_id, "orders/paid", f"delivery-{number}", body, "failed", stage.now))
    session.commit()
    return shop_id


def to_retry(session: Session, _fake: None) -> None:
    failed_before(session, set_stage(session, accepted=3), some(3))


def retried(session: Session, _home: Path, times: int) -> None:
    assert_taken(session, 3 * times)


def assert_taken(session: Session, many: int) -> None:
    """So many orders came in, each once."""
    numbers = [int(name.removeprefix("delivery-")) for name in session.scalars(select(Delivery.delivery_id))]
    session.rollback()
    assert len(numbers) == many
    assert_exactly_once(session, numbers)


def to_replay(session: Session, _fake: None) -> None:
    stage = set_stage(session, accepted=3)
    shop_id = failed_before(session, stage, some(A_RUN))
    begin_writing()
    begin, later = stage.now - timedelta(days=1), stage.now + timedelta(seconds=1)
    replaying.start(db.session(), session.get_one(Shop, shop_id), begin, later, True, None, later)
    session.commit()


def replayed(session: Session, _home: Path, times: int) -> None:
    runs = session.scalars(select(ReplayRun)).all()
    assert [(run.done_count, run.failed_count) for run in runs] == [(A_RUN, 0)] * times
    assert all(run.finished_at for run in runs)
    assert_taken(session, A_RUN * times)


def the_shop(session: Session, fake: FakeShop, platform: str) -> Shop:
    """The one shop of this platform, joined to its fake."""
    begin_writing()
    return session.scalar(select(Shop).filter_by(platform=platform)) or joined_shop(session, fake, platform)


def to_read_back(session: Session, fake: BigCommerce) -> None:
    shop_id = the_shop(session, fake, "bigcommerce").id
    for number in some(3):
        fake.orders[str(number)] = bigcommerce(id=number)
        body = json.dumps({"data": {"type": "order", "id": number}}).encode()
        row = unfinished(shop_id, "store/order/updated", f"h{number}", body, "waiting", factories.NOW)
        row.order_external_id = str(number)
        session.add(row)
    session.commit()


def read_back(session: Session, _home: Path, times: int) -> None:
    assert session.scalars(select(Delivery.status)).all() == ["processed"] * 6 * times  # announced, and read back
    assert session.scalar(select(func.count()).select_from(Order)) == 3 * times


def to_pull(session: Session, fake: ShopifyAdmin) -> None:
    the_shop(session, fake, "shopify")
    fake.most = 1
    for number in some(3):
        at = iso(utc_now() - timedelta(hours=1))
        fake.add(number, created_at=at, updated_at=at)
    session.commit()


def pulled(session: Session, _home: Path, times: int) -> None:
    assert session.scalar(select(func.count()).select_from(Order)) == 3 * times
    assert session.scalars(select(Delivery.origin)).all() == ["pull"] * 3 * times
    assert session.scalars(select(Shop.pulled_to)).one() is not None


def to_let_go(session: Session, _fake: None) -> None:
    stage = set_stage(session, accepted=2)
    begin_writing()
    campaign = session.get_one(Campaign, stage.campaign_id)
    campaign.status, numbers = "closed", TimeOrdered(process=campaign.id % 1024)
    target = find_target(session.connection(), stage.slugs[0])
    assert target is not None
    moments = [stage.now - OLD, stage.now - OLD, stage.now]
    visit = Visit("GET", {}, "192.0.2.1")
    rows = [click_row(target, visit, numbers.next(at), factories.identity_key(), at) for at in moments]
    write_clicks(session.connection(), rows, 0)
    session.commit()


def let_go(session: Session, _home: Path, times: int) -> None:
    """Two of three clicks are gone, and all three are counted."""
    assert session.scalar(select(func.count()).select_from(Click)) == times
    assert session.scalar(select(func.sum(ClickDay.clicks))) == 3 * times
    assert session.scalars(select(RetentionMark.name)).all() == ["click"]


def to_empty(session: Session, _fake: None) -> None:
    stage = set_stage(session, accepted=2)
    shop_id = session.scalars(select(Shop.id).filter_by(public_id=stage.shop_id)).one()
    for number, at in zip(some(3), (stage.now - OLD, stage.now - OLD, stage.now), strict=True):
        session.add(unfinished(shop_id, "orders/paid", f"delivery-{number}", b"{", "failed", at))
        session.flush()
    session.commit()


def emptied(session: Session, _home: Path, times: int) -> None:
    """Two of three bodies are gone, and every delivery is there."""
    bodies = session.scalars(select(Delivery.body)).all()
    assert (len(bodies), bodies.count(b"")) == (3 * times, 2 * times)
    assert session.scalars(select(RetentionMark.name)).all() == ["delivery_body"]


CASES = {
    "inbox.replayed": Case("retry", 3, to_retry, retried),
    "replaying.slice": Case("replay", 2, to_replay, replayed),
    "waiting.told": Case("read back", 3, to_read_back, read_back, BigCommerce),
    "waiting.ended": Case("read back", 3, to_read_back, read_back, BigCommerce),
    "pull.page_kept": Case("pull", 3, to_pull, pulled, ShopifyAdmin),
    "retention.gone": Case("retention", 1, to_let_go, let_go),
    "emptying.emptied": Case("emptying", 1, to_empty, emptied),
}
