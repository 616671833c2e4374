"""Small bodies of our own for platforms that send an order inside an event, with amounts a person can add up."""

import base64
import json
from typing import Any

STARTED = 1777626000  # 2026-05-01 09:00 UTC


def stripe_session(**fields: Any) -> dict[str, Any]:
    """100.00 of goods less 10.00, 20.00 of shipping, 18 % on both: 90.00 + 20.00 + 19.80 = 129.80."""
    session: dict[str, Any] = {"id": "cs_live_1", "object": "checkout.session", "mode": "payment", "livemode": True}
    session |= {"status": "complete", "payment_status": "paid", "payment_intent": "pi_1", "currency": "ils"}
    session |= {"created": STARTED, "amount_subtotal": 10000, "amount_total": 12980, "customer": "cus_1"}
    session |= {"total_details": {"amount_discount": 1000, "amount_shipping": 2000, "amount_tax": 1980}}
    session |= {"shipping_cost": {"amount_subtotal": 2000, "amount_tax": 360, "amount_total": 2360}}
    session |= {"client_reference_id": "k1", "metadata": {"click_id": "k2"}, "discounts": []}
    session |= {"customer_details": {"email": "dana@example.com", "phone": "+972501234567"}}
    return session | fields


def stripe_item(**fields: Any) -> dict[str, Any]:
    """Two creams at 50.00 less 10.00, 16.20 of tax on them."""
    item: dict[str, Any] = {"id": "li_1", "description": "Cream", "quantity": 2, "price": {"product": "prod_1"}}
    return (
        item | {"amount_subtotal": 10000, "amount_discount": 1000, "amount_tax": 1620, "amount_total": 10620} | fields
    )


def stripe_invoice(**fields: Any) -> dict[str, Any]:
    """A month for 50.00 and 9.00 of tax."""
    invoice: dict[str, Any] = {"id": "in_2", "number": "A-2", "status": "paid", "currency": "ils", "livemode": True}
    invoice |= {"billing_reason": "subscription_cycle", "created": STARTED, "total": 5900, "total_excluding_tax": 5000}
    invoice |= {"payments": {"data": [{"payment": {"type": "payment_intent", "payment_intent": "pi_2"}}]}}
    invoice |= {"parent": {"subscription_details": {"metadata": {"click_id": "k3"}}}, "customer": "cus_1"}
    return invoice | {"customer_email": "dana@example.com", "discounts": []} | fields


def stripe_refund(**fields: Any) -> dict[str, Any]:
    refund = {"id": "re_1", "object": "refund", "amount": 6490, "currency": "ils", "status": "succeeded"}
    return refund | {"payment_intent": "pi_1", "charge": "ch_1", "created": STARTED} | fields


def stripe_dispute(**fields: Any) -> dict[str, Any]:
    """All that was paid, 129.80, held back by the buyer's bank."""
    dispute = {"id": "du_1", "object": "dispute", "amount": 12980, "currency": "ils", "status": "needs_response"}
    return dispute | {"payment_intent": "pi_1", "charge": "ch_1", "created": STARTED, "reason": "fraudulent"} | fields


def stripe_event(topic: str, thing: Any, created: int = STARTED + 60) -> dict[str, Any]:
    return {"id": "evt_1", "type": topic, "created": created, "livemode": True, "data": {"object": thing}}


def shopware_line(**fields: Any) -> dict[str, Any]:
    """Two creams at 59.00 with 18 % inside: 118.00, 18.00 of it tax."""
    line: dict[str, Any] = {"id": "l1", "type": "product", "label": "Cream", "quantity": 2, "parentId": None}
    line |= {"totalPrice": 118, "price": {"totalPrice": 118, "calculatedTaxes": [{"tax": 18, "taxRate": 18}]}}
    return line | {"payload": {"productNumber": "CR"}} | fields


def shopware_promotion(**fields: Any) -> dict[str, Any]:
    line = shopware_line(
        id="l2", type="promotion", label="Noa", quantity=1, totalPrice=-11.8, payload={"code": "NOA10"}
    )
    return line | {"price": {"totalPrice": -11.8, "calculatedTaxes": [{"tax": -1.8}]}} | fields


def shopware_order(**fields: Any) -> dict[str, Any]:
    """118.00 less 11.80 is 106.20, 16.20 of it tax; shipping 5.90, 0.90 of it tax: 112.10 in all, 95.00 net."""
    order: dict[str, Any] = {"id": "0a1b", "orderNumber": "10077", "currency": {"isoCode": "EUR"}, "updatedAt": None}
    order |= {"createdAt": "2026-05-01T09:00:01.000+00:00", "orderDateTime": "2026-05-01T09:00:00.000+00:00"}
    order |= {"price": {"netPrice": 95, "totalPrice": 112.1, "taxStatus": "gross", "calculatedTaxes": []}}
    order |= {"shippingCosts": {"totalPrice": 5.9, "calculatedTaxes": [{"tax": 0.9}]}}
    order |= {"lineItems": [shopware_line(), shopware_promotion()], "transactions": [shopware_payment("paid")]}
    order |= {"stateMachineState": {"technicalName": "open"}, "customFields": {"click_id": "k1", "gift": True}}
    order |= {"affiliateCode": "noa", "campaignCode": "spring", "billingAddress": {"phoneNumber": "050"}}
    return order | {"orderCustomer": {"customerId": "c1", "email": "dana@example.com"}} | fields


def shopware_payment(state: str, **fields: Any) -> dict[str, Any]:
    payment = {"stateMachineState": {"technicalName": state}, "updatedAt": "2026-05-01T09:05:00.000+00:00"}
    return payment | {"captures": None} | fields


def shopware_refund(**fields: Any) -> dict[str, Any]:
    refund: dict[str, Any] = {"id": "r1", "amount": {"totalPrice": 59}, "createdAt": "2026-05-09T10:00:00.000+00:00"}
    return refund | {"stateMachineState": {"technicalName": "completed"}} | fields


def shopware_event(event: str, payload: Any) -> dict[str, Any]:
    source = {"url": "https://shop.example", "shopId": "s1", "eventId": "e1"}
    return {"data": {"event": event, "payload": payload}, "source": source, "timestamp": STARTED}


def riyals(amount: Any) -> dict[str, Any]:
    return {"amount": amount, "currency": "SAR"}


def salla_order(**fields: Any) -> dict[str, Any]:
    """100 of goods less 10, 20 of shipping, 10 for paying at the door, 15 % on all: 90 + 20 + 10 + 18 = 138."""
    order: dict[str, Any] = {"id": 2116149737, "reference_id": 41027662, "currency": "SAR", "source": "store"}
    order |= {"date": {"date": "2026-05-01 12:00:00.000000", "timezone_type": 3, "timezone": "Asia/Riyadh"}}
    order |= {"status": {"slug": "in_progress"}, "is_pending_payment": False, "coupon_code": "NOA10"}
    discount = {"title": "Noa", "type": "coupon", "code": "noa10", "discount": "10.00", "discounted_shipping": 0}
    amounts: dict[str, Any] = {"sub_total": riyals(100), "shipping_cost": riyals(20), "cash_on_delivery": riyals(10)}
    amounts |= {"tax": {"percent": "15.00", "amount": riyals(18)}, "discounts": [discount], "total": riyals(138)}
    order |= {"amounts": amounts}
    order |= {"customer": {"id": 7, "email": "dana@example.com", "mobile": 501234567, "mobile_code": "+966"}}
    return order | fields


def salla_event(event: str, data: Any, created_at: str = "2026-05-01T12:05:00+03:00") -> dict[str, Any]:
    return {"event": event, "merchant": 1305146709, "created_at": created_at, "data": data}


def price(amount: str) -> dict[str, str]:
    return {"amount": amount, "formattedAmount": "₪" + amount}


def wix_line(**fields: Any) -> dict[str, Any]:
    """Two creams at 50.00 less 10.00: 90.00, and 16.20 of tax."""
    line: dict[str, Any] = {"id": "l1", "quantity": 2, "productName": {"original": "Cream"}, "price": price("50.00")}
    line |= {"totalPriceBeforeTax": price("90.00"), "totalPriceAfterTax": price("106.20")}
    line |= {"totalDiscount": price("10.00"), "physicalProperties": {"sku": "CR"}, "itemType": {"preset": "PHYSICAL"}}
    return line | fields


def wix_order(**fields: Any) -> dict[str, Any]:
    """90.00 of goods, 20.00 of shipping, 18 % on both: 129.80."""
    order: dict[str, Any] = {"id": "o-1", "number": 10042, "currency": "ILS", "status": "APPROVED"}
    order |= {"createdDate": "2026-05-01T09:00:00.000Z", "updatedDate": "2026-05-01T09:05:00.000Z"}
    order |= {"paymentStatus": "PAID", "taxIncludedInPrices": False, "lineItems": [wix_line()]}
    order |= {"priceSummary": {"tax": price("19.80"), "shipping": price("20.00"), "total": price("129.80")}}
    order |= {"appliedDiscounts": [{"coupon": {"code": "NOA10"}}, {"merchantDiscount": {}}]}
    order |= {"buyerInfo": {"contactId": "c1", "email": "dana@example.com"}, "channelInfo": {"type": "WEB"}}
    order |= {"billingInfo": {"contactDetails": {"phone": "050"}}}
    order |= {"customFields": [{"title": "click_id", "value": "k1"}]}
    return order | {"extendedFields": {"namespaces": {"@agency/clicks": {"click_id": "k2"}}}} | fields


def wix_event(slug: str, entity: Any, *, kind: str = "wix.ecom.v1.order", **fields: Any) -> dict[str, Any]:
    places = {"created": {"createdEvent": {"entity": entity}}, "updated": {"updatedEvent": {"currentEntity": entity}}}
    event: dict[str, Any] = {"id": "evt-1", "entityFqdn": kind, "slug": slug, "entityId": "o-1"}
    event |= {"eventTime": "2026-05-01T09:05:01.000Z"}
    return event | places.get(slug, {"actionEvent": {"body": {"order": entity}}}) | fields


def wix_claims(event: Any, event_type: str = "wix.ecom.v1.order_updated") -> dict[str, Any]:
    return {"data": json.dumps({"eventType": event_type, "instanceId": "i-1", "data": json.dumps(event)})}


def unsigned_token(claims: Any) -> bytes:
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256", "typ": "JWT"}, claims)]
    return b".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts), b"c2ln"])


def wix_refund(**fields: Any) -> dict[str, Any]:
    transaction = {"paymentId": "p1", "amount": price("53.10"), "refundStatus": "SUCCEEDED"}
    return {"id": "r1", "createdDate": "2026-05-09T10:00:00Z", "transactions": [transaction]} | fields


def wix_documents(*refunds: dict[str, Any], **fields: Any) -> dict[str, Any]:
    transactions = {"orderTransactions": {"orderId": "o-1", "payments": [], "refunds": list(refunds)}}
    return {"order": {"order": wix_order(**fields)}, "transactions": transactions}


def adobe_item(**fields: Any) -> dict[str, Any]:
    """Two creams, 100.00 without tax, 11.80 off the taxed price of which 1.80 was tax: 90.00, 16.20 of tax."""
    item: dict[str, Any] = {"item_id": 11, "sku": "CR", "name": "Cream", "qty_ordered": 2, "parent_item_id": None}
    item |= {"base_row_total": 100, "base_discount_amount": 11.8, "base_discount_tax_compensation_amount": 1.8}
    return item | {"base_tax_amount": 16.2, "product_type": "configurable", "order_id": 5} | fields


def adobe_order(**fields: Any) -> dict[str, Any]:
    """90.00 of goods, 20.00 of shipping, 18 % on both: 129.80."""
    order: dict[str, Any] = {"entity_id": 5, "increment_id": "000000005", "state": "processing", "status": "packed"}
    order |= {"created_at": "2026-05-01 09:00:00", "updated_at": "2026-05-01 09:05:00", "base_currency_code": "ILS"}
    order |= {"coupon_code": "NOA10", "base_subtotal": 100, "base_discount_amount": -11.8, "base_grand_total": 129.8}
    order |= {"base_discount_tax_compensation_amount": 1.8, "base_shipping_discount_amount": 0}
    order |= {"base_shipping_amount": 20, "base_shipping_tax_amount": 3.6, "base_tax_amount": 19.8}
    child = adobe_item(item_id=12, parent_item_id=11, base_row_total=None, base_tax_amount=0)
    order |= {"items": [adobe_item(), child], "customer_id": 77, "customer_email": "dana@example.com"}
    order |= {"custom_attributes": [{"attribute_code": "click_id", "value": "k1"}], "store_name": "Main\nShop"}
    return order | fields


def adobe_credit_memo(**fields: Any) -> dict[str, Any]:
    """One of the two creams: 50.00 less 5.90 of which 0.90 was tax is 45.00, and 8.10 of tax."""
    item: dict[str, Any] = {"order_item_id": 11, "qty": 1, "base_row_total": 50, "base_discount_amount": 5.9}
    item |= {"base_discount_tax_compensation_amount": 0.9, "base_tax_amount": 8.1}
    child = dict.fromkeys(item, None) | {"order_item_id": 12, "qty": 1}
    memo: dict[str, Any] = {"increment_id": "000000009", "order_id": 5, "base_currency_code": "ILS", "state": 2}
    memo |= {"base_grand_total": 63.1, "base_shipping_amount": 10, "created_at": "2026-05-09 10:00:00"}
    return memo | {"items": [item, child]} | fields


def adobe_event(value: Any) -> dict[str, Any]:
    event = {"data": {"value": value, "_metadata": {"storeId": "1"}, "source": "shop"}}
    return {"event_id": "e1", "event": event, "recipient_client_id": "client-1"}
