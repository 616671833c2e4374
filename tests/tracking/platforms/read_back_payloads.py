"""Small documents of our own as the APIs answer them that are asked for an order, with amounts a person can add up."""

import json
from datetime import UTC, datetime
from typing import Any

from campaigns.tracking.events import READ_BACK, Envelope, OrderSnapshot, ShopEvent
from campaigns.tracking.platforms.registry import PLATFORMS

ASKED_AT = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def read_documents(platform: str, documents: Any, *, currency: str = "ILS") -> ShopEvent:
    envelope = Envelope(READ_BACK, "d1", occurred_at=ASKED_AT)
    return PLATFORMS[platform].read(envelope, json.dumps(documents).encode(), currency, "Asia/Jerusalem")


def read_back(platform: str, documents: Any, *, currency: str = "ILS") -> OrderSnapshot:
    order = read_documents(platform, documents, currency=currency).order
    assert order is not None
    return order


def bigcommerce_product(**fields: Any) -> dict[str, Any]:
    """Two soaps at 50.00 and 18 % tax: 100.00 without it, 118.00 with it."""
    product = {"id": 31, "name": "Soap", "sku": "SO", "quantity": 2, "type": "physical", "applied_discounts": []}
    return product | {"total_ex_tax": "100.0000", "total_inc_tax": "118.0000", "total_tax": "18.0000"} | fields


def bigcommerce_order(**fields: Any) -> dict[str, Any]:
    """100.00 of soap and 10.00 of shipping, 18 % tax on both: 129.80."""
    order: dict[str, Any] = {"id": 218, "status_id": 11, "status": "Awaiting Fulfillment", "customer_id": 11}
    order |= {"date_created": "Fri, 01 May 2026 09:00:00 +0000", "date_modified": "Fri, 01 May 2026 09:05:00 +0000"}
    order |= {"default_currency_code": "ILS", "currency_code": "EUR", "is_tax_inclusive_pricing": False}
    order |= {"total_ex_tax": "110.0000", "total_inc_tax": "129.8000", "total_tax": "19.8000"}
    order |= {"shipping_cost_ex_tax": "10.0000", "shipping_cost_tax": "1.8000", "refunded_amount": "0.0000"}
    order |= {"billing_address": {"email": "dana@example.com", "phone": "050"}, "order_source": "www"}
    return order | fields


def bigcommerce_refund(*items: dict[str, Any], **fields: Any) -> dict[str, Any]:
    refund = {"id": 12, "order_id": 218, "created": "2026-05-09T10:00:00+00:00", "total_amount": 59.0, "total_tax": 9}
    return refund | {"items": list(items), "payments": [{"amount": 59.0, "is_declined": False}]} | fields


def bigcommerce(*refunds: dict[str, Any], products: Any = None, **fields: Any) -> dict[str, Any]:
    return {
        "order": bigcommerce_order(**fields),
        "products": [bigcommerce_product()] if products is None else products,
        "coupons": [{"id": 1, "code": "NOA10", "discount": 0}],
        "refunds": {"data": list(refunds), "meta": {}},
    }


def ecwid_item(**fields: Any) -> dict[str, Any]:
    """Two creams at 50, 10 off by a coupon: 90, and 16.20 of tax on them; 1.80 of tax is shipping's."""
    item: dict[str, Any] = {"id": 71, "sku": "CR", "name": "Cream", "price": 50, "quantity": 2, "tax": 18}
    item |= {"couponAmount": 10, "discounts": [], "taxes": [{"total": 18, "taxOnDiscountedSubtotal": 16.2}]}
    return item | fields


def ecwid_order(**fields: Any) -> dict[str, Any]:
    """100 of cream less 10 by a coupon, 10 of shipping, 2 of handling, 18 of tax on top: 120."""
    order: dict[str, Any] = {"id": "XJ12H", "orderNumber": 516, "vendorOrderNumber": "XJ12H", "email": "d@example.com"}
    order |= {"paymentStatus": "PAID", "fulfillmentStatus": "AWAITING_PROCESSING", "customerId": 9}
    order |= {"createTimestamp": 1777626000, "updateTimestamp": 1777626300, "items": [ecwid_item()]}
    order |= {"subtotal": 100, "discount": 0, "couponDiscount": 10, "tax": 18, "total": 120}
    order |= {"discountCoupon": {"code": "NOA10"}, "shippingOption": {"shippingRate": 10}, "handlingFee": {"value": 2}}
    order |= {"billingPerson": {"phone": "050"}, "affiliateId": "noa", "refundedAmount": 0, "refunds": []}
    order |= {"orderExtraFields": [{"id": "click_id", "value": "k1"}], "refererUrl": "https://shop.example/"}
    return order | fields


def dollars(value: str) -> dict[str, str]:
    return {"currency": "USD", "value": value}


def squarespace_item(**fields: Any) -> dict[str, Any]:
    item = {"id": "li-1", "sku": "SQ1", "productName": "Balm", "quantity": 2, "lineItemType": "PHYSICAL_PRODUCT"}
    return item | {"unitPricePaid": dollars("50.00")} | fields


def squarespace_order(**fields: Any) -> dict[str, Any]:
    """100.00 of balm less 10.00, 10.00 of shipping, 10 % tax on top of both: 110.00."""
    order: dict[str, Any] = {"id": "65aa", "orderNumber": "3", "channel": "web", "testmode": False}
    order |= {"createdOn": "2026-05-01T09:00:00.000Z", "modifiedOn": "2026-05-01T09:05:00.123Z"}
    order |= {"customerEmail": "dana@example.com", "billingAddress": {"phone": "050"}, "customerId": "c9"}
    order |= {"fulfillmentStatus": "PENDING", "paymentState": "PAID", "lineItems": [squarespace_item()]}
    order |= {"discountLines": [{"promoCode": "NOA10", "amount": dollars("10.00")}], "formSubmission": None}
    order |= {"discountTotal": dollars("10.00"), "shippingTotal": dollars("10.00"), "taxTotal": dollars("10.00")}
    order |= {"refundedTotal": dollars("0.00"), "grandTotal": dollars("110.00"), "priceTaxInterpretation": "EXCLUSIVE"}
    return order | fields
