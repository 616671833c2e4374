"""Shopify's order and refund resources and its signed deliveries, built from what somebody bought.

https://shopify.dev/docs/api/admin-rest/latest/resources/order and …/refund: the members that carry amounts, evidence
and state, prices with the VAT inside. Signed as https://shopify.dev/docs/apps/build/webhooks says.
"""

import base64
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.clock import iso
from campaigns.demo.goods import VAT_PERCENT, Line
from campaigns.money import divide_half_away

API_VERSION = "2026-10"


@dataclass(frozen=True)
class Purchase:
    """What was bought, when, by whom, and what led there."""

    order_id: int
    placed_at: datetime
    lines: tuple[Line, ...]
    codes: tuple[str, ...] = ()
    click_id: str = ""
    email: str = ""
    currency: str = "ILS"
    test: bool = False
    shipping_minor: int = 2_500

    @property
    def number(self) -> str:
        """As the shop shows it."""
        return f"#{self.order_id % 100_000}"

    @property
    def buyer(self) -> str:
        """The buyer's address; a stranger's unless given."""
        return self.email or f"buyer{self.order_id % 100_000}@shoppers.test"


@dataclass(frozen=True)
class Message:
    """One delivery to be: sent again with the same id it is a duplicate."""

    topic: str
    body: bytes
    delivery_id: str


def message(topic: str, body: dict[str, Any] | bytes, occasion: str) -> Message:
    """A delivery; `occasion` tells two of the same topic apart."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return Message(topic, raw, str(uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{topic}:{occasion}")))


def headers(sent: Message, secret: str, domain: str, at: datetime) -> dict[str, str]:
    """What Shopify sends with the body, the signature over its very bytes among it."""
    digest = hmac.new(secret.encode(), sent.body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "X-Shopify-Topic": sent.topic,
        "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
        "X-Shopify-Shop-Domain": domain,
        "X-Shopify-API-Version": API_VERSION,
        "X-Shopify-Webhook-Id": sent.delivery_id,
        "X-Shopify-Triggered-At": iso(at),
    }


def order(
    bought: Purchase,
    status: str,
    updated_at: datetime,
    refunds: tuple[dict[str, Any], ...] = (),
    cancelled_at: datetime | None = None,
    taken_off: tuple[int, ...] = (),
) -> dict[str, Any]:
    """The order as it stands at `updated_at`; `taken_off` are the ids of lines that an edit removed."""
    items = [_line(line, refunds, line.line_id in taken_off) for line in bought.lines]
    tax = sum(line.tax_minor for line in bought.lines)
    goods = sum(line.paid_minor for line in bought.lines)
    saved = money(sum(line.discount_minor for line in bought.lines))
    landing = f"/serum?ref=demo&click_id={bought.click_id}&utm_medium=influencer" if bought.click_id else "/"
    shipping = money(bought.shipping_minor)
    return {
        "id": bought.order_id,
        "name": bought.number,
        "order_number": bought.order_id % 100_000,
        "created_at": iso(bought.placed_at),
        "processed_at": iso(bought.placed_at),
        "updated_at": iso(updated_at),
        "cancelled_at": iso(cancelled_at) if cancelled_at else None,
        "cancel_reason": "customer" if cancelled_at else None,
        "currency": bought.currency,
        "presentment_currency": bought.currency,
        "financial_status": status,
        "taxes_included": True,
        "test": bought.test,
        "source_name": "web",
        "landing_site": landing,
        "note_attributes": [],
        "discount_codes": [{"code": code, "amount": saved, "type": "percentage"} for code in bought.codes],
        "discount_applications": [
            {"type": "discount_code", "target_type": "line_item", "value_type": "percentage", "code": code}
            for code in bought.codes
        ],
        "line_items": items,
        "shipping_lines": [{"title": "Courier", "price": shipping, "discounted_price": shipping, "tax_lines": []}],
        "total_tax": money(tax),
        "total_discounts": saved,
        "total_price": money(goods + bought.shipping_minor),
        "email": bought.buyer,
        "contact_email": bought.buyer,
        "customer": {"id": 7_000_000 + bought.order_id, "email": bought.buyer},
        "refunds": list(refunds),
    }


def refund(
    bought: Purchase, refund_id: int, at: datetime, back: tuple[tuple[Line, int], ...], shipping_minor: int = 0
) -> dict[str, Any]:
    """A refund of units of lines, and of shipping where that came back too."""
    items = [
        {
            "line_item_id": line.line_id,
            "quantity": quantity,
            "subtotal": money(_part(line.paid_minor, quantity, line)),
            "total_tax": money(_part(line.tax_minor, quantity, line)),
            "line_item": {"id": line.line_id},
        }
        for line, quantity in back
    ]
    moved = sum(_part(line.paid_minor, quantity, line) for line, quantity in back) + shipping_minor
    adjustment = {"kind": "shipping_refund", "amount": f"-{money(shipping_minor)}", "tax_amount": "0.00"}
    return {
        "id": refund_id,
        "order_id": bought.order_id,
        "created_at": iso(at),
        "refund_line_items": items,
        "order_adjustments": [adjustment] if shipping_minor else [],
        "transactions": [
            {"kind": "refund", "status": "success", "amount": money(moved), "currency": bought.currency},
        ],
    }


def money(minor: int) -> str:
    """Two decimals, as Shopify writes an amount."""
    return f"{minor // 100}.{minor % 100:02d}"


def _line(line: Line, refunds: tuple[dict[str, Any], ...], taken_off: bool) -> dict[str, Any]:
    given_back = sum(
        item["quantity"]
        for each in refunds
        for item in each["refund_line_items"]
        if item["line_item_id"] == line.line_id
    )
    tax = {"title": "VAT", "rate": f"0.{VAT_PERCENT}", "price": money(line.tax_minor)}
    saved = {"amount": money(line.discount_minor), "discount_application_index": 0}
    return {
        "id": line.line_id,
        "sku": line.product.sku,
        "title": line.product.title,
        "quantity": line.quantity,
        "current_quantity": 0 if taken_off else line.quantity - given_back,
        "price": money(line.product.price_minor),
        "gift_card": not line.product.taxed,
        "tax_lines": [tax] if line.tax_minor else [],
        "discount_allocations": [saved] if line.discount_minor else [],
    }


def _part(amount_minor: int, quantity: int, line: Line) -> int:
    return divide_half_away(amount_minor * quantity, line.quantity)
