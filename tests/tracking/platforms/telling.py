"""What a delivery was read as, in one flat JSON object: what fixtures are compared with, and what a sale is worth."""

from dataclasses import asdict
from typing import Any

from campaigns.commissions.terms import Sale
from campaigns.tracking.events import ContactSnapshot, OrderSnapshot, Refund, ShopEvent
from campaigns.tracking.valuation import Parts, gift_card_minor, value


def sale(order: OrderSnapshot) -> Sale:
    """What the order is worth with the refunds it lists, as the books take it; its status isn't asked beyond that."""
    parts = Parts(
        status=order.status,
        prices_include_tax=order.prices_include_tax,
        lines=[asdict(line) for line in order.lines],
        refunds=[asdict(refund) for refund in order.refunds],
        shipping_minor=order.shipping_minor,
        tax_minor=order.tax_minor,
        fees_minor=order.fees_minor,
    )
    return value(parts)


def left(order: OrderSnapshot) -> int:
    """What of the order's net still earns, minor units."""
    return sale(order).base_minor("net")


def told(event: ShopEvent) -> dict[str, Any]:
    """The event in words and minor units; docs/adding-a-platform.md lists them."""
    tale: dict[str, Any] = {"order_id": event.order_id, "ignored": event.ignored, "deleted": event.deleted}
    tale |= {"look_up": event.look_up, "refunds": [_refund(refund) for refund in event.refunds]}
    tale |= _contact(event.contact) if event.contact else {}
    return tale | (_order(event.order) if event.order else {})


def _contact(contact: ContactSnapshot) -> dict[str, Any]:
    return {
        "contact_id": contact.external_id,
        "status": contact.status,
        "kind": contact.kind,
        "seconds": contact.seconds,
        "codes": list(contact.codes),
        "phone": contact.customer.phone,
        "proof": dict(contact.proof),
    }


def _order(order: OrderSnapshot) -> dict[str, Any]:
    worth = sale(order)
    return {
        "number": order.number,
        "status": order.status,
        "currency": order.currency,
        "net": worth.net_minor,
        "tax": order.tax_minor,
        "shipping": order.shipping_minor,
        "fees": order.fees_minor,
        "total": order.total_minor,
        "gift_cards": gift_card_minor([asdict(line) for line in order.lines]),
        "refunded": worth.refunded_minor,
        "left": worth.base_minor("net"),
        "codes": list(order.codes),
        "typed_codes": list(order.typed_codes),
        "click_ids": list(order.click_ids),
        "landing_url": order.landing_url,
        "affiliates": list(order.affiliates),
        "email": order.customer.email,
        "source": order.source,
        "test": order.test,
        "refunds": [_refund(refund) for refund in order.refunds],
    }


def _refund(refund: Refund) -> dict[str, Any]:
    return {
        "id": refund.refund_id,
        "items": sum(line.amount_minor for line in refund.lines),
        "tax": sum(line.tax_minor for line in refund.lines),
        "shipping": refund.shipping_minor,
        "unsplit": refund.unsplit_minor,
    }
