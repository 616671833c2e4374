"""A subscription's later invoice as a snapshot: every renewal is an order of its own.

https://docs.stripe.com/api/invoices/object. `total_excluding_tax` is after discounts, shipping included. The click is
the one that brought the subscriber, where the shop keeps its id in the subscription's metadata.
"""

from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.tracking.events import Customer, Line, OrderSnapshot
from campaigns.tracking.json_body import JsonObject, within_reach
from campaigns.tracking.platforms.moments import unix_seconds
from campaigns.tracking.platforms.stripe_object import (
    UnnamedYet,
    clicks_of,
    codes_of,
    currency_of,
    minor,
    minor_or_zero,
    paid_by,
    reference,
    shipping_net,
)

# What an invoice is written for; one written by hand, or for a checkout that was one payment, is no renewal.
RENEWALS = frozenset({"subscription_cycle", "subscription_update", "subscription_threshold"})


def read_invoice(invoice: JsonObject, version: datetime, *, last_word: bool) -> OrderSnapshot:
    """The snapshot of a paid invoice; raises Unreadable, and UnnamedYet as read_session does."""
    currency = currency_of(invoice)
    total, net = minor(invoice, "total", currency), minor(invoice, "total_excluding_tax", currency)
    shipping, payment = shipping_net(invoice, currency), paid_by(invoice)
    if payment is None and total and not last_word:
        raise UnnamedYet
    codes, coupons = codes_of(invoice)
    return OrderSnapshot(
        external_id=payment or invoice.identifier("id"),
        number=invoice.text("number") or invoice.identifier("id"),
        version=version,
        placed_at=unix_seconds(invoice, "created"),
        status="paid" if invoice.word("status") == "paid" else "pending",
        raw_status=invoice.word("status"),
        currency=currency,
        prices_include_tax=False,
        lines=(_goods(invoice, currency, net - shipping, total - net),),
        shipping_minor=shipping,
        tax_minor=total - net,
        fees_minor=0,
        total_minor=total,
        codes=codes,
        typed_codes=coupons,
        click_ids=clicks_of(*_metadata(invoice)),
        customer=Customer(
            external_id=reference(invoice, "customer"),
            email=invoice.text("customer_email").strip() or None,
            phone=invoice.text("customer_phone").strip() or None,
        ),
        source="subscription",
        test=not invoice.flag("livemode"),
    )


def _goods(invoice: JsonObject, currency: str, net: int, tax: int) -> Line:
    if net < 0:
        raise Unreadable(f"{invoice.at('total_excluding_tax')}: less than its shipping")
    return Line(
        line_id="invoice",
        sku="",
        title="",
        category="",
        quantity="1",
        net_minor=within_reach(net, invoice.path),
        tax_minor=tax - minor_or_zero(invoice.object("shipping_cost"), "amount_tax", currency),
        discount_minor=0,
    )


def _metadata(invoice: JsonObject) -> list[object]:
    # The subscription's metadata moved below `parent` in 2025.
    owners = (invoice, invoice.object("parent"))
    return [
        invoice.values.get("metadata"),
        *(owner.object("subscription_details").values.get("metadata") for owner in owners),
    ]
