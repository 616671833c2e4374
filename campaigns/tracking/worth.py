"""What an order's row is worth, from its lines and what was told of refunds and a deletion; and what of it can earn."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from campaigns.commissions.terms import Sale
from campaigns.models import Order, OrderRefund
from campaigns.tracking.known import change
from campaigns.tracking.reconciled import MADE_UP
from campaigns.tracking.valuation import Parts, gift_card_minor, value


@dataclass(frozen=True)
class Worth:
    """What an order's row keeps of what it is worth: derived, and recomputed by `books check`."""

    sale: Sale
    gift_card_minor: int
    deleted: bool


def worth(order: Order, refunds: Iterable[OrderRefund], deleted_at: datetime | None) -> Worth:
    """The worth of an order with all refunds told for it, and the moment it was deleted in the shop, if it was."""
    parts = Parts(
        status=order.status,
        prices_include_tax=order.prices_include_tax,
        lines=order.lines,
        refunds=[refund.body for refund in in_force(order, refunds)],
        shipping_minor=order.shipping_minor,
        tax_minor=order.tax_minor,
        fees_minor=order.fees_minor,
    )
    deleted = deleted_at is not None and deleted_at >= order.version
    return Worth(value(parts), gift_card_minor(order.lines), deleted)


def stored_worth(order: Order) -> Worth:
    """The worth as the order's row has it."""
    return Worth(_stored_sale(order), order.gift_card_minor, order.deleted)


def _stored_sale(order: Order) -> Sale:
    return Sale(order.net_minor, order.net_tax_minor, order.refunded_minor, order.refunded_tax_minor)


def keep_worth(order: Order, derived: Worth) -> None:
    """Write a worth onto the order's row."""
    sale = derived.sale
    amounts = {
        "net_minor": sale.net_minor,
        "net_tax_minor": sale.net_tax_minor,
        "refunded_minor": sale.refunded_minor,
        "refunded_tax_minor": sale.refunded_tax_minor,
    }
    change(order, {"deleted": derived.deleted, "gift_card_minor": derived.gift_card_minor, **amounts})


def sale_of(order: Order) -> Sale | None:
    """What of an order can earn; None for one that is not (or no longer) a paid sale."""
    return _stored_sale(order) if order.is_sale else None


def in_force(order: Order, refunds: Iterable[OrderRefund]) -> list[OrderRefund]:
    """Of the refunds told for an order all, or where its platform lists every one with it, those still listed.

    One made of a sum in the shop's export counts only until the shop itself tells of the order again.
    """
    if order.refund_ids is None:
        return [row for row in refunds if not row.refund_id.startswith(MADE_UP)]
    return [row for row in refunds if row.refund_id in order.refund_ids]
