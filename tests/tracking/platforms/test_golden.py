"""Payloads of real shops and the vendors' documentation against numbers computed apart from this code.

They are not ours to copy, so they stay beside the project and these tests run where they are present.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from campaigns.errors import Unreadable
from campaigns.tracking.events import Envelope, OrderSnapshot, Refund, ShopEvent
from campaigns.tracking.platforms.registry import PLATFORMS

WEBHOOKS = Path(__file__).parents[3] / "../shared/webhooks"
EXPECTED = WEBHOOKS / "expected.json"
ROWS: list[dict[str, Any]] = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else []
OURS = [row for row in ROWS if row["file"].split("/")[0] in ("shopify", "woocommerce")]
MAPPED = {"authorized": "pending", "partially_paid": "pending", "partially_refunded": "paid"}
MAPPED |= {"processing": "paid", "completed": "paid"}


def rows(platform: str, kind: str, *, draft: bool | None = None) -> list[Any]:
    chosen = [row for row in OURS if row["file"].startswith(platform) and row["kind"] == kind]
    if draft is not None:
        chosen = [row for row in chosen if (row["status"] == "auto-draft") is draft]
    missing = pytest.mark.skip(reason=f"{EXPECTED} is not present")
    return [pytest.param(row, id=row["file"]) for row in chosen] or [pytest.param({}, marks=missing)]


def event(row: dict[str, Any], topic: str) -> ShopEvent:
    platform = row["file"].split("/")[0]
    text = (WEBHOOKS / "fixtures" / row["file"]).read_text()
    # Two mock-server files have a template where a date belongs.
    text = re.sub(r'("date_\w+": )"[^"]*\{\{[^"]*"', r'\1"2020-01-02T03:04:05"', text)
    currency = row.get("currency") or "USD"
    return PLATFORMS[platform].read(Envelope(topic, "d1"), text.encode(), currency, "Asia/Jerusalem")


def order(row: dict[str, Any]) -> OrderSnapshot:
    topic = "orders/updated" if row["file"].startswith("shopify") else "order.updated"
    snapshot = event(row, topic).order
    assert snapshot is not None
    return snapshot


def totals(snapshot: OrderSnapshot) -> dict[str, int]:
    return {
        "net": sum(line.net_minor for line in snapshot.lines),
        "tax": snapshot.tax_minor,
        "shipping": snapshot.shipping_minor,
        "total": snapshot.total_minor,
    }


def refund_totals(refund: Refund, tax_inside: bool) -> dict[str, int]:
    tax = sum(line.tax_minor for line in refund.lines)
    return {
        "items_net": sum(line.amount_minor for line in refund.lines) - (tax if tax_inside else 0),
        "items_tax": tax,
        "shipping": refund.shipping_minor,
        "money_returned": refund.money_minor,
        "qty": sum(int(line.quantity) for line in refund.lines),
    }


@pytest.mark.parametrize("row", rows("shopify", "order"))
def test_shopify_order_amounts_are_the_expected_ones(row: dict[str, Any]) -> None:
    snapshot = order(row)
    assert totals(snapshot) == {name: row[name] for name in ("net", "tax", "shipping", "total")}
    assert (snapshot.external_id, snapshot.number, snapshot.currency) == (row["id"], row["name"], row["currency"])
    gift_cards = sum(line.net_minor for line in snapshot.lines if line.gift_card)
    assert (gift_cards, snapshot.test) == (row["gift_card_items"], row["test"])


@pytest.mark.parametrize("row", rows("shopify", "order"))
def test_shopify_status_source_and_buyer_are_the_expected_ones(row: dict[str, Any]) -> None:
    snapshot = order(row)
    assert (snapshot.raw_status, snapshot.source) == (row["status"], row["source"])
    assert snapshot.status == MAPPED.get(row["status"], row["status"])
    assert snapshot.customer.email == row["email"]


@pytest.mark.parametrize("row", rows("shopify", "order"))
def test_shopify_codes_are_told_apart_by_who_entered_them(row: dict[str, Any]) -> None:
    snapshot = order(row)
    listed = [code for code in row["codes"] if code]
    assert [*snapshot.codes, *snapshot.typed_codes] == listed
    if row["codes_typed"]:
        assert list(snapshot.codes) == row["real_codes"]


@pytest.mark.parametrize("row", rows("shopify", "order"))
def test_shopify_refunds_in_an_order_leave_the_expected_remainder(row: dict[str, Any]) -> None:
    snapshot = order(row)
    found = [refund_totals(refund, snapshot.prices_include_tax) for refund in snapshot.refunds]
    assert found == [{name: refund[name] for name in found[0]} for refund in row["refunds"]]
    assert [refund.refund_id for refund in snapshot.refunds] == [str(refund["id"]) for refund in row["refunds"]]
    assert totals(snapshot)["net"] - sum(refund["items_net"] for refund in found) == row["remaining_net"]


@pytest.mark.parametrize("row", rows("shopify", "refund"))
def test_shopify_refund_amounts_are_the_expected_ones(row: dict[str, Any]) -> None:
    read = event(row, "refunds/create")
    (refund,) = read.refunds
    found = refund_totals(refund, tax_inside=row["id"] == 9100001)
    assert found == {name: row[name] for name in found}
    assert (read.order_id, refund.refund_id) == (row["order_id"], str(row["id"]))
    assert (refund.currency, refund.lines_include_tax) == (row["currency"], None)


@pytest.mark.parametrize("row", rows("shopify", "other"))
def test_shopify_bodies_without_money_are_ignored_or_refused(row: dict[str, Any]) -> None:
    if "shape-" in row["file"]:
        with pytest.raises(Unreadable):
            event(row, "orders/create")
    else:
        assert event(row, "order_transactions/create").ignored


@pytest.mark.parametrize("row", rows("woocommerce", "order", draft=False))
def test_woocommerce_order_amounts_are_the_expected_ones(row: dict[str, Any]) -> None:
    snapshot = order(row)
    assert totals(snapshot) == {name: row[name] for name in ("net", "tax", "shipping", "total")}
    assert (snapshot.external_id, snapshot.number, snapshot.currency) == (row["id"], row["name"], row["currency"])
    assert snapshot.fees_minor == row.get("fees", 0)
    assert [(refund.refund_id, -refund.unsplit_minor) for refund in snapshot.refunds] == [
        (str(refund["id"]), refund["total"]) for refund in row["refunds"]
    ]


@pytest.mark.parametrize("row", rows("woocommerce", "order", draft=False))
def test_woocommerce_status_codes_and_buyer_are_the_expected_ones(row: dict[str, Any]) -> None:
    snapshot = order(row)
    assert (snapshot.raw_status, snapshot.status) == (row["status"], MAPPED.get(row["status"], row["status"]))
    assert list(snapshot.codes) == row.get("codes", [])
    assert snapshot.source == (row.get("created_via") or "")
    assert "email" not in row or snapshot.customer.email == row["email"]


@pytest.mark.parametrize("row", rows("woocommerce", "order", draft=True))
def test_woocommerce_draft_is_not_an_order_yet(row: dict[str, Any]) -> None:
    assert event(row, "order.created").ignored == "not an order yet"


@pytest.mark.parametrize("row", rows("woocommerce", "other") + rows("woocommerce", "refund"))
def test_woocommerce_resources_that_are_no_order_are_ignored_or_refused(row: dict[str, Any]) -> None:
    assert event(row, "coupon.created").ignored == "unknown topic"
    with pytest.raises(Unreadable):
        event(row, "order.updated")
