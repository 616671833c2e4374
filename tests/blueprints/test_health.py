"""What a monitor reads: alive, ready, and the figures, to whoever may have them."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

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
    assert told == ["campaigns_clicks_total 0", "campaigns_orders_total 0"]


def test_figures_are_for_this_machine_and_for_the_bearer_of_the_token(app: Flask, client: FlaskClient):
    assert visit(client, "/metrics", **ELSEWHERE).status_code == 404
    object.__setattr__(app.extensions["settings"], "metrics_token", "a token of the monitor")
    for token, status in (("a token of the monitor", 200), ("another", 404), ("", 404)):
        answer = visit(client, "/metrics", headers={"Authorization": f"Bearer {token}"}, **ELSEWHERE)
        assert answer.status_code == status


def test_a_server_on_the_newest_schema_is_ready(client: FlaskClient):
    assert visit(client, "/healthz").json == {"status": "ok"}
    assert visit(client, "/readyz").json["status"] == "ok"
