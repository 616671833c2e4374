"""Both lanes answer as Flask does: the same headers on every kind of answer, the same errors, the same methods."""

import logging
from contextvars import Context

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.blueprints.headers import fixed_headers
from campaigns.models import Click, Delivery, Shop
from campaigns.planning.participation import leave
from campaigns.planning.shops import change_secret
from tests import factories
from tests.factories import NOW, visit
from tests.faults.nodes import node
from tests.lanes.doors import a_link, database_away, delivery, post, rows, send, soon


def test_every_kind_of_answer_carries_the_fixed_headers_once(app: Flask, client: FlaskClient, session: Session):
    path, live = a_link(session, shop=factories.shop(session, platform="shopify"))
    answers = [
        visit(client, path),
        visit(client, "/r/nothing"),
        post(client, path),
        send(client, delivery(live.shop)),
        send(client, delivery(live.shop, secret="another")),
        post(client, "/webhooks/shopify/nobody", data=b"{}"),
    ]
    assert [answer.status_code for answer in answers] == [302, 404, 405, 200, 401, 404]
    for answer in answers:
        for name, value in (fixed_headers(app.extensions["settings"]) | {"Cache-Control": "no-store"}).items():
            assert answer.headers.getlist(name) == [value], (answer.status_code, name)


def test_a_link_has_no_more_headers_than_it_needs(client: FlaskClient, session: Session):
    path, _ = a_link(session)
    link, page = ({name.lower() for name in visit(client, one).headers.keys()} for one in (path, "/healthz"))
    assert link - {"location"} == page - {"content-type", "vary"}  # nothing here is by the cookie


def test_a_dead_link_is_told_in_the_visitors_language(client: FlaskClient):
    for language, direction in (("ar", "rtl"), ("he", "rtl"), ("ru", "ltr")):
        answer = visit(client, "/r/nothing", headers={"Accept-Language": language})
        assert (answer.status_code, answer.mimetype) == (404, "text/html")
        assert f'<html lang="{language}" dir="{direction}"' in answer.text


def test_shops_are_told_as_programs_are(client: FlaskClient, shop: Shop, app: Flask):
    genuine = delivery(shop)
    too_long = b"x" * (app.extensions["settings"].largest_body + 1)
    refused = {
        401: send(client, delivery(shop, secret="another")),
        404: post(client, "/webhooks/shopify/nobody", data=b"{}"),
        413: post(client, genuine.path, data=too_long),
    }
    with database_away():
        refused[503] = send(client, genuine)
    for status, answer in refused.items():
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
        assert answer.json["status"] == status and answer.json["title"]
    assert refused[503].headers["Retry-After"] == "5"


def test_a_forgery_and_a_database_away_leave_no_row(client: FlaskClient, session: Session, shop: Shop):
    forged, genuine = delivery(shop, secret="another"), delivery(shop)
    send(client, forged)
    with database_away():
        assert send(client, genuine).status_code == 503
    assert rows(session, Delivery) == 0
    session.refresh(shop)
    assert shop.refused_deliveries == 1


def test_with_the_database_away_a_visitor_gets_a_page_that_says_so(client: FlaskClient, session: Session):
    path, _ = a_link(session)
    visit(client, path)
    with database_away():
        answer = visit(client, path, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "reach our records at the moment" in answer.text and rows(session, Click) == 1


def test_head_is_sent_on_without_a_body_and_counts_for_nothing(client: FlaskClient, session: Session):
    path, _ = a_link(session)
    session.commit()
    answer = client.head(path)
    assert (answer.status_code, answer.data) == (302, b"")
    assert "click_id" not in answer.location
    session.rollback()
    assert session.scalars(select(Click.uncounted)).all() == ["head"]


@pytest.mark.parametrize("tail", ["/", "/x", "%2Fx", "/../x"])
def test_a_path_that_goes_on_is_no_link(client: FlaskClient, session: Session, tail: str):
    path, _ = a_link(session)
    assert visit(client, path + tail).status_code == 404
    assert rows(session, Click) == 0


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_only_reading_a_link_is_allowed(client: FlaskClient, session: Session, method: str):
    path, _ = a_link(session)
    answer = getattr(client, method)(path)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_webhook_that_is_got_or_has_another_platform_is_not_there(client: FlaskClient, shop: Shop):
    assert visit(client, f"/webhooks/shopify/{shop.public_id}").status_code == 404
    assert post(client, f"/webhooks/woocommerce/{shop.public_id}", data=b"{}").status_code == 404
    assert post(client, f"/webhooks/shopify/{shop.public_id}/more", data=b"{}").status_code == 404


@pytest.mark.parametrize("path", ["/r/x", "/webhooks/shopify/x", "/sign-in"])
def test_a_host_that_is_not_ours_is_answered_by_no_lane(client: FlaskClient, path: str):
    assert visit(client, path, headers={"Host": "evil.example"}).status_code == 400
    assert post(client, path, headers={"Host": "evil.example"}, data=b"{}").status_code == 400


def test_a_withdrawn_link_stops_on_every_node_within_seconds(app: Flask, session: Session):
    path, live = a_link(session)
    nodes = [node(app), node(app)]
    assert [visit(one, path).status_code for one in nodes] == [302, 302]
    leave(session, factories.participants(session, live)[0], "withdrawn", "I am ill", NOW)
    session.commit()
    assert soon(lambda: [visit(one, path).status_code for one in nodes] == [404, 404])


def test_a_changed_secret_is_taken_by_every_node_within_seconds(app: Flask, session: Session, shop: Shop):
    nodes = [node(app), node(app)]
    assert [send(one, delivery(shop, number)).status_code for number, one in enumerate(nodes)] == [200, 200]
    change_secret(session, shop, NOW, "the shop's next secret")
    shop.previous_secret_until = NOW  # the day in which the old one is honoured is over
    session.commit()
    new, old = delivery(shop, 3), delivery(shop, 4, secret=shop.previous_secret or "")
    assert soon(lambda: [send(one, new).status_code for one in nodes] == [200, 200])
    assert [send(one, old).status_code for one in nodes] == [401, 401]


def test_a_refusal_is_logged_with_the_shop_and_without_the_body(
    client: FlaskClient, shop: Shop, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.WARNING):
        send(client, delivery(shop, secret="another"))
    assert f"shop={shop.public_id}" in caplog.text and "{}" not in caplog.text


def test_a_thread_that_answered_a_page_before_counts_a_forgery_all_the_same(
    client: FlaskClient, session: Session, shop: Shop
):
    """A page's request leaves its thread reading; the next one on that thread may have to write."""
    forged = delivery(shop, secret="another")
    session.commit()

    def one_thread() -> list[int]:
        page = client.get("/healthz")
        return [page.status_code, client.post(forged.path, data=forged.body, headers=forged.headers).status_code]

    assert Context().run(one_thread) == [200, 401]
