"""Orders and webhooks of platforms that send an id only, from the vendors' documentation, against numbers computed
apart from this code. An order is put into the document that our asking for it makes.

They are not ours to copy, so they stay beside the project and these tests run where they are present.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from campaigns.tracking.events import READ_BACK, Envelope, OrderSnapshot
from campaigns.tracking.json_body import read_json
from campaigns.tracking.json_text import write_json
from campaigns.tracking.platforms.registry import PLATFORMS

WEBHOOKS = Path(__file__).parents[3] / "../shared/webhooks"
EXPECTED = WEBHOOKS / "expected.json"
PLATFORMS_HERE = ("bigcommerce", "ecwid", "squarespace")
ROWS: list[dict[str, Any]] = json.loads(EXPECTED.read_text()) if EXPECTED.exists() else []
COUPONS = "bigcommerce/order-v2-coupons-list.json"
# What the rows call by the platform's words, in ours.
STATUSES = {"11 Awaiting Fulfillment": "paid", "7 Awaiting Payment": "pending", "PENDING": "paid"}
STATUSES |= {"PARTIALLY_REFUNDED/DELIVERED": "paid"}
UNREAD = {"bigcommerce/store_order_archived.json", "bigcommerce/store_cart_couponApplied.json"}


def rows(kind: str) -> list[Any]:
    chosen = [row for row in ROWS if row["file"].startswith(PLATFORMS_HERE) and row["kind"] == kind]
    missing = pytest.mark.skip(reason=f"{EXPECTED} is not present")
    listed = [pytest.param(row, id=row["file"]) for row in chosen if row["file"] != COUPONS]
    return listed or [pytest.param({}, marks=missing)]


def fixture(name: str) -> Any:
    return read_json((WEBHOOKS / "fixtures" / name).read_bytes())


def documents(row: dict[str, Any]) -> dict[str, Any]:
    order = fixture(row["file"])
    if not row["file"].startswith("bigcommerce"):
        return {"order": order}
    # The documentation has no products of these orders: one of ours, at the price the order gives for all of them.
    product = {"id": 1, "quantity": 1, "total_ex_tax": order["subtotal_ex_tax"]}
    product |= {"total_inc_tax": order["subtotal_inc_tax"], "total_tax": order["subtotal_tax"]}
    return {"order": order, "products": [product], "coupons": fixture(COUPONS), "refunds": {"data": []}}


def snapshot(row: dict[str, Any]) -> OrderSnapshot:
    platform = row["file"].split("/")[0]
    order = PLATFORMS[platform].read(Envelope(READ_BACK, ""), write_json(documents(row)), "USD", "UTC").order
    assert order is not None
    return order


def minor(value: object) -> int:
    """Minor units of a row's amount: a whole number is one already, a text is in dollars."""
    return int(Decimal(value) * 100) if isinstance(value, str) else int(str(value))


@pytest.mark.parametrize("row", rows("order"))
def test_order_amounts_are_the_expected_ones(row: dict[str, Any]) -> None:
    order = snapshot(row)
    totals = [sum(line.net_minor for line in order.lines), order.tax_minor, order.shipping_minor, order.total_minor]
    assert totals == [minor(row[name]) for name in ("net", "tax", "shipping", "total")]
    refunded = sum(refund.money_minor for refund in order.refunds)
    assert (refunded, order.refunds_complete) == (minor(row.get("refund_total", 0)), True)


@pytest.mark.parametrize("row", rows("order"))
def test_order_status_codes_and_name_are_the_expected_ones(row: dict[str, Any]) -> None:
    order = snapshot(row)
    assert (order.external_id, order.number) == (row["id"], row.get("name", row["id"]))
    assert (order.raw_status, order.status) == (row["status"], STATUSES[row["status"]])
    codes = row["codes"] if isinstance(row["codes"], list) else ["S2549JM0Y"]
    assert (list(order.codes), order.currency) == (codes, row["currency"] or "USD")


@pytest.mark.parametrize("row", rows("order"))
def test_an_orders_parts_make_its_total_and_its_lines_tax_is_not_more_than_its_tax(row: dict[str, Any]) -> None:
    order = snapshot(row)
    goods = sum(line.net_minor for line in order.lines)
    assert goods + order.shipping_minor + order.fees_minor + order.tax_minor == order.total_minor
    assert 0 <= sum(line.tax_minor for line in order.lines) <= order.tax_minor


@pytest.mark.parametrize("row", rows("thin"))
def test_a_webhook_asks_for_the_expected_order_or_says_why_not(row: dict[str, Any]) -> None:
    platform = PLATFORMS[row["file"].split("/")[0]]
    body = (WEBHOOKS / "fixtures" / row["file"]).read_bytes()
    event = platform.read(platform.envelope({}, body), body, "USD", "UTC")
    if row["file"] in UNREAD or row["id"] == "-1":
        assert event.ignored and event.ignored != "unknown topic" and not event.look_up
    else:
        assert (event.order_id, event.look_up, event.ignored) == (row["id"], True, None)
