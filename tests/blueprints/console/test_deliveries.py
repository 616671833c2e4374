"""The inbox in the console: found, explained, masked, and read again, one by one or a period at once."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.models import AuditEntry, ReplayRun
from tests import factories as make
from tests.factories import submit, visit
from tests.tracking.platforms.payloads import standard_data, standard_line


def body(**fields: object) -> dict[str, object]:
    return {"type": "order.paid", "data": standard_data(**fields)}


def test_without_a_shop_the_list_says_what_to_do(staff: FlaskClient, session: Session) -> None:
    assert "No shop yet" in visit(staff, "/console/deliveries").text
    make.shop(session)
    assert "Once a shop is connected" in visit(staff, "/console/deliveries").text


def test_the_newest_stands_first_and_those_that_failed_are_pointed_at(staff: FlaskClient, session: Session) -> None:
    shop = make.shop(session)
    make.delivery(session, shop=shop, body=b"not json", now=utc_now())
    make.delivery(session, shop=shop, body={"type": "lead.created", "data": {"id": "1"}}, topic="lead.created")
    page = visit(staff, "/console/deliveries").text
    assert page.index("lead.created") < page.index("order.paid")
    assert "not a JSON document" in page and "Some could not be read." in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=SO-1", True), ("q=%231", True), ("q=nothing", False), ("status=processed", True), ("status=failed", False),
        ("origin=pull", False), ("platform=standard", True), ("platform=shopify", False),
        ("from=2026-05-10&to=2026-05-10", True), ("from=2026-05-11", False), ("to=2026-05-09", False),
        ("status=nonsense&from=tomorrow", True), ("q=%00", True), ("after=nosuch", True),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(staff: FlaskClient, session: Session, query: str, found: bool) -> None:
    make.delivery(session, shop=make.shop(session), body=body())
    page = visit(staff, f"/console/deliveries?{query}").text
    assert ("order.paid</bdi></a>" in page) is found
    assert ("Nothing like that" in page) is not found


def test_a_brand_and_an_influencer_find_no_inbox(client: FlaskClient, session: Session) -> None:
    shop = make.shop(session)
    delivery = make.delivery(session, shop=shop, body=body())
    make.sign_in(client, make.user(session, brand=shop.brand))
    for path in ("", f"/{delivery.public_id}"):
        assert visit(client, f"/console/deliveries{path}").status_code == 404
    assert submit(client, f"/console/deliveries/{delivery.public_id}/everything").status_code == 404
    assert submit(client, "/console/replays", {"shop": shop.public_id}).status_code == 404
    assert session.scalars(select(AuditEntry)).all() == []


def test_a_delivery_tells_what_it_was_read_as(staff: FlaskClient, session: Session) -> None:
    campaign = make.live_campaign(session, accepted=1)
    mina = make.participants(session, campaign)[0]
    sent = body(coupon_codes=[mina.code.code], placed_at=make.NOW.isoformat(), lines=[standard_line()])
    delivery = make.delivery(session, shop=campaign.shop, body=sent)
    page = visit(staff, f"/console/deliveries/{delivery.public_id}").text
    assert "It was read and taken." in page and "₪135.59" in page
    assert mina.influencer.name in page and mina.code.code in page


def test_a_failed_delivery_tells_why_and_when_it_is_tried_again(staff: FlaskClient, session: Session) -> None:
    delivery = make.delivery(session, shop=make.shop(session), body=b"{")
    page = visit(staff, f"/console/deliveries/{delivery.public_id}").text
    assert "is tried again by itself" in page and "not a JSON document" in page and "next " in page
    assert "It led to no order." in page


def test_the_buyer_is_masked_until_somebody_puts_their_name_to_it(staff: FlaskClient, session: Session) -> None:
    delivery = make.delivery(session, shop=make.shop(session), body=body())
    url = f"/console/deliveries/{delivery.public_id}"
    assert "dana@example.com" not in visit(staff, url).text
    shown = submit(staff, f"{url}/everything")
    assert (shown.status_code, "dana@example.com" in shown.text) == (200, True)
    looked = session.scalars(select(AuditEntry)).one()
    assert (looked.action, looked.subject) == ("delivery.shown", f"delivery:{delivery.public_id}")
    assert looked.user_id is not None
    assert "dana@example.com" not in visit(staff, url).text


def test_a_body_is_shown_as_text_and_read_again_on_demand(staff: FlaskClient, session: Session) -> None:
    delivery = make.delivery(session, shop=make.shop(session), body=b"<script>alert(1)</script>")
    url = f"/console/deliveries/{delivery.public_id}"
    assert "&lt;script&gt;alert(1)" in submit(staff, f"{url}/everything").text
    submit(staff, f"{url}/replay")
    session.expire_all()
    assert (delivery.attempts, delivery.status) == (2, "failed")


def asked(shop_id: str, **fields: str) -> dict[str, str]:
    return {"shop": shop_id, "since": "2026-05-10T00:00", "until": "2026-05-11T00:00", "which": "failed"} | fields


def test_a_period_is_counted_before_it_is_read_again(staff: FlaskClient, session: Session) -> None:
    shop = make.shop(session)
    make.delivery(session, shop=shop, body=b"{")
    make.delivery(session, shop=shop, body=body())
    for which, told in (("failed", "1 delivery will be"), ("all", "2 deliveries will be")):
        answer = visit(staff, "/console/replays", query_string=asked(shop.public_id, which=which))
        assert told in answer.text
    empty = visit(staff, "/console/replays", query_string=asked(shop.public_id, until="2026-05-10T01:00"))
    assert "There is no such delivery" in empty.text
    assert session.scalars(select(ReplayRun)).all() == []


def test_a_run_is_asked_for_watched_and_stopped(staff: FlaskClient, session: Session) -> None:
    shop = make.shop(session)
    make.delivery(session, shop=shop, body=b"{")
    page = submit(staff, "/console/replays", asked(shop.public_id)).location
    watched = visit(staff, page)
    assert 'data-live="5"' in watched.text and "0 of 1" in watched.text
    submit(staff, f"{page}/cancel")
    stopped = visit(staff, page)
    assert "data-live" not in stopped.text and "Stopped" in stopped.text
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
        "deliveries.replayed", "replay.cancelled"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fields", [{"since": ""}, {"since": "2026-05-12T00:00"}, {"shop": "nosuch"}, {"which": "some"}], ids=str
)
def test_a_period_that_is_none_is_refused_beside_its_field(
    staff: FlaskClient, session: Session, fields: dict[str, str]
) -> None:
    shop = make.shop(session)
    make.delivery(session, shop=shop, body=b"{")
    assert submit(staff, "/console/replays", asked(shop.public_id, **fields)).status_code == 422
    assert session.scalars(select(ReplayRun)).all() == []


def test_an_empty_period_and_a_second_run_are_refused_in_words(staff: FlaskClient, session: Session) -> None:
    shop = make.shop(session)
    refused = submit(staff, "/console/replays", asked(shop.public_id))
    assert refused.status_code == 409 and "there is no such delivery" in refused.text
    make.delivery(session, shop=shop, body=b"{", now=make.NOW - timedelta(hours=1))
    for status in (302, 409):
        assert submit(staff, "/console/replays", asked(shop.public_id)).status_code == status
    assert len(session.scalars(select(ReplayRun)).all()) == 1


def test_a_message_that_was_let_go_of_says_so_and_is_neither_shown_nor_read_again(
    staff: FlaskClient, session: Session
) -> None:
    delivery = make.delivery(session, shop=make.shop(session), body=b"{")
    delivery.body = b""
    path = f"/console/deliveries/{delivery.public_id}"
    page = visit(staff, path).text
    assert "What the shop sent is no longer kept" in page and "180 days" in page and delivery.body_sha256 in page
    assert "Read it again" not in page and "Show everything" not in page and "is tried again by itself" not in page
    for step in ("replay", "everything"):
        refused = submit(staff, f"{path}/{step}", follow_redirects=True)
        assert "what the shop sent is no longer kept: it can neither" in refused.text
    session.expire_all()
    assert delivery.attempts == 1 and session.scalars(select(AuditEntry)).all() == []


def test_why_a_message_could_not_be_read_is_said_in_the_readers_language(client: FlaskClient, session: Session) -> None:
    delivery = make.delivery(session, shop=make.shop(session), body=b"not json")
    make.sign_in(client, make.user(session, language="ru"))
    setup = f"/shops/{delivery.shop.public_id}/setup"
    for path in ("/console/deliveries", f"/console/deliveries/{delivery.public_id}", setup):
        page = visit(client, path).text
        assert "тело сообщения — не документ JSON" in page and "not a JSON document" not in page
