"""What a monitor reads: alive, ready, and the figures, to whoever may have them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update
from sqlalchemy.orm import Session

from campaigns.blueprints import health
from campaigns.db import db
from campaigns.models import ClickDay
from tests import factories
from tests.factories import visit

ELSEWHERE = {"environ_base": {"REMOTE_ADDR": "192.0.2.1"}}


def test_clicks_are_the_sum_of_their_daily_counts_and_orders_are_all_there_are(client: FlaskClient, session: Session):
    person = factories.participants(session, factories.live_campaign(session, accepted=1))[0]
    for _ in range(3):
        factories.click(session, participation=person)
    for _ in range(2):
        factories.order(session, shop=person.campaign.shop)
    told = visit(client, "/metrics").text.splitlines()
    assert "campaigns_clicks_total 3" in told and "campaigns_orders_total 2" in told
    session.execute(update(ClickDay).values(clicks=5_000_000))
    assert "campaigns_clicks_total 5000000" in visit(client, "/metrics").text


def test_an_empty_house_has_figures_too(client: FlaskClient):
    told = visit(client, "/metrics").text.splitlines()
    assert told == [
        'campaigns_deliveries{status="failed"} 0',
        'campaigns_deliveries{status="waiting"} 0',
        "campaigns_deliveries_total 0",
        "campaigns_clicks_total 0",
        "campaigns_orders_total 0",
    ]


def test_deliveries_are_counted_in_all_and_the_rare_ones_by_their_status(client: FlaskClient, session: Session):
    place = factories.shop(session)
    for body in (b"{", b"[", {"type": "cart.left"}):
        factories.delivery(session, shop=place, body=body)
    told = visit(client, "/metrics").text.splitlines()
    assert 'campaigns_deliveries{status="failed"} 2' in told and "campaigns_deliveries_total 3" in told


def test_figures_look_at_no_more_than_some_rows(client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "LOOKED_THROUGH", 2)
    place = factories.shop(session)
    for _ in range(3):
        factories.delivery(session, shop=place, body=b"{")
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *asked: statements.append(asked[2]))
    told = visit(client, "/metrics").text
    assert 'campaigns_deliveries{status="failed"} 2' in told
    assert not [text for text in statements if "FROM delivery" in text and "LIMIT" not in text and "max(" not in text]


def test_figures_are_for_this_machine_and_for_the_bearer_of_the_token(app: Flask, client: FlaskClient):
    assert visit(client, "/metrics", **ELSEWHERE).status_code == 404
    object.__setattr__(app.extensions["settings"], "metrics_token", "a token of the monitor")
    for token, status in (("a token of the monitor", 200), ("another", 404), ("", 404)):
        answer = visit(client, "/metrics", headers={"Authorization": f"Bearer {token}"}, **ELSEWHERE)
        assert answer.status_code == status


def test_a_server_on_the_newest_schema_is_ready(client: FlaskClient):
    assert visit(client, "/healthz").json == {"status": "ok"}
    assert visit(client, "/readyz").json["status"] == "ok"
