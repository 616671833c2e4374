"""WooCommerce's order resource and its signed delivery, built from what somebody bought.

https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties: amounts without tax, codes in lower case,
and of a refund its sum alone.
"""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

from campaigns.demo.goods import VAT_PERCENT, Line
from campaigns.demo.shopify_bodies import Purchase, money
from campaigns.money import divide_half_away


def order(bought: Purchase, status: str, modified_at: datetime, refunded_minor: int = 0) -> dict[str, Any]:
    """The order as it stands at `modified_at`; `refunded_minor` was given back, tax and shipping inside."""
    tax = sum(line.tax_minor for line in bought.lines)
    goods = sum(line.net_minor for line in bought.lines)
    saved = sum(_before_coupon(line) - line.net_minor for line in bought.lines)
    refunds = [{"id": bought.order_id + 1_000_000, "reason": "", "total": f"-{money(refunded_minor)}"}]
    entry = f"https://outlet.glow.example/?click_id={bought.click_id}"
    return {
        "id": bought.order_id,
        "number": str(bought.order_id),
        "status": status,
        "currency": bought.currency,
        "created_via": "checkout",
        "prices_include_tax": True,
        "date_created_gmt": _gmt(bought.placed_at),
        "date_modified_gmt": _gmt(modified_at),
        "date_paid_gmt": _gmt(bought.placed_at) if status in ("processing", "completed", "refunded") else None,
        "discount_total": money(saved),
        "shipping_total": money(bought.shipping_minor),
        "total_tax": money(tax),
        "total": money(goods + tax + bought.shipping_minor),
        "customer_id": 0,
        "billing": {"email": bought.buyer, "phone": ""},
        "line_items": [_line(line) for line in bought.lines],
        "shipping_lines": [{"method_id": "flat_rate", "total": money(bought.shipping_minor)}],
        "fee_lines": [],
        "coupon_lines": [{"code": code.lower(), "discount": money(saved)} for code in bought.codes],
        "meta_data": [{"key": "_wc_order_attribution_session_entry", "value": entry}] if bought.click_id else [],
        "refunds": refunds if refunded_minor else [],
    }


def signed(topic: str, body: dict[str, Any], secret: str) -> tuple[dict[str, str], bytes]:
    """The headers and the bytes of one delivery."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    digest = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
    resource, event = topic.split(".")
    sent = {
        "Content-Type": "application/json",
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Resource": resource,
        "X-WC-Webhook-Event": event,
        "X-WC-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-WC-Webhook-Delivery-ID": hashlib.sha256(raw).hexdigest()[:32],
    }
    return sent, raw


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.line_id,
        "sku": line.product.sku,
        "name": line.product.title,
        "quantity": line.quantity,
        "subtotal": money(_before_coupon(line)),
        "total": money(line.net_minor),
        "total_tax": money(line.tax_minor),
        "meta_data": [],
    }


def _before_coupon(line: Line) -> int:
    return divide_half_away(line.product.price_minor * line.quantity * 100, 100 + VAT_PERCENT)


def _gmt(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
