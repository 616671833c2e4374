"""Two workers and one code: one of them asks the shop. And two hands that make the last own link at once."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import true
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.models import Participation
from campaigns.planning import own_links
from campaigns.planning.shop_codes import queue
from campaigns.planning.shop_codes.work import work_code
from tests import factories
from tests.factories import NOW
from tests.fakes.shop_server import serving_shop
from tests.fakes.woocommerce_codes import WooCommerceCodes
from tests.faults.race import at_once, kinds, some_time, without_locks
from tests.planning.shop_codes.codes import in_shop, selling
from tests.tracking.asking import asking


@pytest.fixture
def shop() -> Iterator[WooCommerceCodes]:
    """WooCommerce looks whether a code is there and then writes it: asked twice at once, it makes two."""
    with serving_shop(WooCommerceCodes(slow=0.1)) as serving:
        yield serving


def working(shop_code_id: int) -> Callable[[], None]:
    def deed() -> None:
        work_code(db.session(), shop_code_id, asking(read_seconds=5, patience=5.0), NOW)

    return deed


def a_code(session: Session, shop: WooCommerceCodes) -> int:
    """A code that is due."""
    _, mina = selling(session, shop, "woocommerce")
    number = in_shop(session, mina).id
    session.commit()
    return number


def test_of_two_workers_at_once_one_creates_a_code(app: Flask, session: Session, shop: WooCommerceCodes) -> None:
    number = a_code(session, shop)
    at_once(app, [working(number)] * 2)
    begin_writing()
    assert len(shop.coupons) == 1


def test_without_claims_two_workers_at_once_create_it_twice(
    app: Flask, session: Session, shop: WooCommerceCodes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim is no lock but a condition of the statement: without it both go ahead."""
    monkeypatch.setattr(queue, "_free", lambda now: true())

    def doubled() -> bool:
        shop.coupons.clear()
        number = a_code(session, shop)
        with without_locks(db.engine):
            at_once(app, [working(number)] * 2)
        begin_writing()
        return len(shop.coupons) == 2

    assert some_time(doubled)


def making(participation_id: int) -> Callable[[], None]:
    def deed() -> None:
        mina = db.session.get_one(Participation, participation_id)
        own_links.make_link(db.session(), mina, "/cream", "one more", NOW)
        db.session.commit()

    return deed


def one_short(session: Session) -> int:
    """A participant with as many own links as are allowed, less one."""
    mina = factories.participants(session, factories.live_campaign(session, accepted=1))[0]
    for number in range(own_links.MOST - 1):
        own_links.make_link(session, mina, "/cream", str(number), NOW)
    session.commit()
    return mina.id


def test_of_two_last_own_links_at_once_one_is_refused(app: Flask, session: Session) -> None:
    mina = one_short(session)
    assert kinds(at_once(app, [making(mina)] * 2)) == ["Conflict", "ok"]


def test_without_locks_two_last_own_links_at_once_are_not_told_apart(app: Flask, session: Session) -> None:
    def both_made() -> bool:
        mina = one_short(session)
        with without_locks(db.engine):
            return kinds(at_once(app, [making(mina)] * 2)) != ["Conflict", "ok"]

    assert some_time(both_made)
