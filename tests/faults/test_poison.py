"""Genuine deliveries nobody can read are kept as failed and touch nothing; forged ones leave a number only."""

from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaigns.clock import utc_now
from campaigns.models import AttributionDecision, Delivery, Order, Shop
from tests import factories
from tests.faults.poison import BODIES, VALUES, genuine, poisoned

PLATFORMS = ("shopify", "woocommerce", "standard")


def send(app: Flask, session: Session, shop: Shop, body: bytes, headers: dict[str, str]) -> TestResponse:
    path = f"/webhooks/{shop.platform}/{shop.public_id}"
    session.commit()
    return Context().run(app.test_client().post, path, data=body, headers=headers)


def count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_genuine_body_nobody_can_read_is_kept_as_failed(app: Flask, session: Session, platform: str) -> None:
    shop = factories.shop(session, platform=platform)
    session.commit()
    bodies = {name: poisoned(platform, value) for name, value in VALUES.items()} | BODIES
    for name, body in bodies.items():
        answer = send(app, session, shop, body, genuine(shop, body, f"msg {name}", int(utc_now().timestamp())))
        assert (name, answer.status_code, answer.get_json()) == (name, 200, {"status": "failed"})
    reasons = session.scalars(select(Delivery.reason).filter_by(status="failed")).all()
    assert len(reasons) == len(bodies)
    assert all(reason and not reason.startswith("internal fault") for reason in reasons)
    assert (count(session, Order), count(session, AttributionDecision)) == (0, 0)


def test_a_failed_delivery_is_seen_by_the_monitor(app: Flask, session: Session) -> None:
    shop = factories.shop(session, platform="shopify")
    send(app, session, shop, b"{", genuine(shop, b"{", "broken", 0))
    assert 'campaigns_deliveries{status="failed"} 1' in app.test_client().get("/metrics").text


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_forged_delivery_is_401_and_only_counted(app: Flask, session: Session, platform: str) -> None:
    shop = factories.shop(session, platform=platform)
    body = poisoned(platform, b'"1001"')
    headers = genuine(shop, body, "msg 1", int(utc_now().timestamp()))
    assert send(app, session, shop, body + b" ", headers).status_code == 401
    session.refresh(shop)
    assert (shop.refused_deliveries, count(session, Delivery), count(session, Order)) == (1, 0, 0)


def test_a_delivery_signed_too_long_ago_is_401_and_only_counted(app: Flask, session: Session) -> None:
    shop = factories.shop(session, platform="standard")
    body = poisoned("standard", b'"1001"')
    headers = genuine(shop, body, "msg 1", int(utc_now().timestamp()) - 301)
    assert send(app, session, shop, body, headers).status_code == 401
    session.refresh(shop)
    assert (shop.refused_deliveries, count(session, Delivery)) == (1, 0)
