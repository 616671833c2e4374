"""Small bodies of our own in each platform's shape, with amounts a person can add up; and their reading."""

import json
from typing import Any

from campaigns.tracking.events import Envelope, OrderSnapshot, ShopEvent
from campaigns.tracking.platforms.registry import PLATFORMS


def read(platform: str, topic: str, payload: Any, *, currency: str = "ILS", zone: str = "Asia/Jerusalem") -> ShopEvent:
    body = json.dumps(payload).encode()
    return PLATFORMS[platform].read(Envelope(topic, "d1"), body, currency, zone)


def snapshot(platform: str, payload: Any, *, zone: str = "Asia/Jerusalem") -> OrderSnapshot:
    topics = {"shopify": "orders/updated", "woocommerce": "order.updated", "standard": "order.updated"}
    order = read(platform, topics[platform], payload, zone=zone).order
    assert order is not None
    return order


def shopify_line(**fields: Any) -> dict[str, Any]:
    """Two creams at 59.00 with tax inside, 18.00 off: 100.00 gross, 15.25 of it tax, 84.75 net."""
    line = {"id": 11, "sku": "CR", "title": "Cream", "quantity": 2, "price": "59.00", "gift_card": False}
    line |= {"tax_lines": [{"price": "15.25"}], "discount_allocations": [{"amount": "18.00"}]}
    return line | fields


def shopify_order(**fields: Any) -> dict[str, Any]:
    order: dict[str, Any] = {"id": 5001, "name": "#1001", "order_number": 1001, "currency": "ILS"}
    order |= {"created_at": "2026-05-01T12:00:00+03:00", "updated_at": "2026-05-01T12:05:00+03:00"}
    order |= {"cancelled_at": None, "financial_status": "paid", "taxes_included": True, "test": False}
    order |= {"line_items": [shopify_line()], "shipping_lines": [{"price": "20.00"}], "source_name": "web"}
    order |= {"total_tax": "15.25", "total_price": "120.00", "email": "dana@example.com"}
    order |= {"customer": {"id": 77, "phone": "+972501234567"}, "refunds": []}
    order |= {"discount_codes": [{"code": "NOA10", "amount": "18.00", "type": "percentage"}]}
    order |= {"discount_applications": [{"type": "discount_code", "code": "NOA10"}]}
    return order | fields


def shopify_refund(**fields: Any) -> dict[str, Any]:
    """One of the two creams given back: 50.00 gross, 7.63 of it tax."""
    item = {"line_item_id": 11, "quantity": 1, "subtotal": 50.0, "total_tax": 7.63, "line_item": {"id": 11}}
    refund: dict[str, Any] = {"id": 900, "order_id": 5001, "created_at": "2026-05-09T10:00:00Z"}
    refund |= {"refund_line_items": [item], "order_adjustments": []}
    refund |= {"transactions": [{"kind": "refund", "status": "success", "amount": "50.00", "currency": "ILS"}]}
    return refund | fields


def woo_line(**fields: Any) -> dict[str, Any]:
    line = {"id": 3, "name": "Soap", "sku": "SO", "quantity": 2, "subtotal": "40.00", "total": "36.00"}
    return line | {"total_tax": "6.48", "price": 18, "meta_data": []} | fields


def woo_order(**fields: Any) -> dict[str, Any]:
    """36.00 of soap after a 4.00 coupon, 6.48 tax, 10.00 shipping."""
    order: dict[str, Any] = {"id": 727, "number": "727", "status": "processing", "currency": "ILS"}
    order |= {"date_created_gmt": "2026-05-01T09:00:00", "date_modified_gmt": "2026-05-01T09:05:00"}
    order |= {"date_paid_gmt": None, "created_via": "checkout", "prices_include_tax": False, "customer_id": 26}
    order |= {"billing": {"email": "dana@example.com", "phone": "050"}, "line_items": [woo_line()]}
    order |= {"shipping_total": "10.00", "total_tax": "6.48", "total": "52.48", "fee_lines": [], "refunds": []}
    order |= {"coupon_lines": [{"code": "noa10", "discount": "4"}], "meta_data": []}
    return order | fields


def standard_line(**fields: Any) -> dict[str, Any]:
    """180.00 less 20.00 is 160.00 gross; 24.41 of it is tax, so 135.59 net."""
    line = {"id": "1", "sku": "A", "title": "Cream", "category": "skin", "quantity": 2}
    return line | {"total": "180.00", "discount": "20.00", "tax": "24.41"} | fields


def standard_data(**fields: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"id": "SO-1", "number": "#1", "status": "paid", "currency": "ILS"}
    data |= {"version": "2026-05-01T10:00:00Z", "placed_at": "2026-05-01T09:58:00Z", "prices_include_tax": True}
    data |= {"lines": [standard_line()], "shipping": "25.00", "tax": "24.41", "total": "185.00"}
    data |= {"coupon_codes": ["NOA10"], "click_id": "k1", "landing_url": "https://shop.example/?click_id=k2"}
    data |= {"customer": {"id": "c1", "email": "dana@example.com"}, "test": False}
    return data | fields


def standard(event_type: str = "order.updated", **fields: Any) -> dict[str, Any]:
    return {"type": event_type, "timestamp": "2026-05-01T10:00:01Z", "data": standard_data(**fields)}


def without(payload: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name not in names}
