"""A version of a shop's interface that we don't know is kept with its reason and shown, and never guessed at."""

import json

import pytest
from sqlalchemy.orm import Session

from campaigns.errors import Unreadable
from campaigns.tracking import inbox
from campaigns.tracking.events import Envelope
from campaigns.tracking.platforms import shopify, standard
from tests.factories import NOW, deliver, identity_key, shop
from tests.tracking.platforms import payloads

BODIES = {
    "orders/paid": payloads.shopify_order(),
    "refunds/create": payloads.shopify_refund(),
    "orders/delete": {"id": 5001},
}


def read(version: str, topic: str = "orders/paid") -> object:
    return shopify.read(Envelope(topic, "d1", version), json.dumps(BODIES[topic]).encode(), "ILS", "UTC").order_id


@pytest.mark.parametrize("version", ["", "unstable", "2019-04", "2022-10", "2026-07", "2027-01"])
def test_every_quarters_version_is_read(version: str) -> None:
    assert read(version) == read(version, "refunds/create") == read(version, "orders/delete") == "5001"


@pytest.mark.parametrize("version", ["2027-04", "2031-01", "2019-01", "2026-05", "2026-7", "v2", "2026-07 "])
@pytest.mark.parametrize("topic", BODIES)
def test_any_other_version_is_refused_by_its_name(version: str, topic: str) -> None:
    with pytest.raises(Unreadable, match=f"^API version {version} is not known yet$"):
        read(version, topic)


def test_a_topic_that_says_nothing_needs_no_known_version() -> None:
    found = [shopify.read(Envelope(topic, "d1", "2031-01"), b"{}", "ILS", "UTC") for topic in ("carts/update", "x")]
    assert [event.ignored for event in found] == ["unknown topic"] * 2


def test_a_delivery_of_an_unknown_version_is_read_once_the_version_is_known(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    envelope = Envelope("orders/paid", "d1", "2031-01", NOW)
    body = json.dumps(payloads.shopify_order()).encode()
    _, kept = deliver(session, shop(session, platform="shopify"), envelope, body)
    assert (kept.status, kept.reason) == ("failed", "API version 2031-01 is not known yet")
    assert (kept.api_version, kept.topic) == ("2031-01", "orders/paid")
    monkeypatch.setattr(shopify, "NEWEST_VERSION", "2031-01")
    inbox.replay(session, kept, identity_key(), NOW)
    assert (kept.status, kept.order_external_id) == ("processed", "5001")


def test_the_standard_formats_own_version_is_the_first_unless_it_says_otherwise() -> None:
    for stated in ({}, {"format": 1}, {"format": "1"}, {"format": None}):
        assert payloads.read("standard", "order.updated", payloads.standard() | stated).order
    for kind in ("order.updated", "refund.created"):
        with pytest.raises(Unreadable, match="^format: "):
            payloads.read("standard", kind, payloads.standard(kind) | {"format": 2})
    assert standard.envelope({}, b'{"type": "order.paid", "format": 2}').version == "2"
    assert payloads.read("standard", "cart.new", {"type": "cart.new", "format": 2}).ignored == "unknown topic"
