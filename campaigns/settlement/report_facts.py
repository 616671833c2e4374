"""What a final report says beside its totals: products, what is not counted, what is pending, and where it all is from.

Sales in another currency are converted as a whole, so their products are listed with quantities, and their amounts in a
row of their own.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.models import AttributionDecision, Campaign, Delivery, Order
from campaigns.settlement.disputing.holds import open_holds
from campaigns.settlement.reconciling.reconciliation import newest

LISTED = 40  # products on paper; what sold less is summed up in one row


def report_facts(session: Session, campaign: Campaign, now: datetime) -> dict[str, Any]:
    """Facts of the credited sales as they stand; `now` decides what is still pending."""
    sales = _credited(session, campaign)
    return {
        "cut_off": iso(campaign.ends_at + timedelta(days=campaign.grace_days)),
        "version": 1,
        "products": products(sales, campaign.currency),
        "not_counted": _not_counted(sales, campaign.currency),
        "pending": _pending(session, campaign, sales, now),
        "rejected": _rejected(session, campaign),
        "sources": _sources(session, campaign),
    }


def _credited(session: Session, campaign: Campaign) -> list[Any]:
    rows = session.execute(
        select(
            Order.id, Order.lines, Order.currency, Order.placed_at, Order.net_minor, Order.refunded_minor,
            Order.net_tax_minor, Order.shipping_minor, Order.gift_card_minor,
        )
        .join(AttributionDecision, AttributionDecision.order_id == Order.id)
        .where(
            AttributionDecision.campaign_id == campaign.id,
            AttributionDecision.participation_id.is_not(None),
            AttributionDecision.superseded_at.is_(None),
            Order.is_sale,
        )
        .order_by(Order.id)
    )  # fmt: skip
    return list(rows)


def products(sales: list[Any], currency: str) -> list[dict[str, Any]]:
    """Units, orders and net before returns of each product, the best sold first."""
    sums: dict[tuple[str, str], list[Any]] = defaultdict(lambda: [Decimal(0), 0, 0])
    for sale in sales:
        for line in sale.lines:
            if line["gift_card"]:
                continue
            row = sums[line["sku"], line["title"]]
            row[0] += _quantity(line["quantity"])
            row[1] += 1
            row[2] += line["net_minor"] if sale.currency == currency else 0
    rows = [
        {"sku": sku, "title": title, "units": format(units.normalize(), "f"), "lines": count, "net_minor": net}
        for (sku, title), (units, count, net) in sorted(sums.items(), key=lambda item: (-item[1][2], item[0]))
    ]
    rest = rows[LISTED:]
    if not rest:
        return rows
    others = {
        "sku": "",
        "title": "",  # the paper names it
        "units": format(sum((Decimal(row["units"]) for row in rest), Decimal(0)).normalize(), "f"),
        "lines": sum(row["lines"] for row in rest),
        "net_minor": sum(row["net_minor"] for row in rest),
    }
    return [*rows[:LISTED], others]


def _quantity(text: str) -> Decimal:
    """A quantity as the shop sent it; what is no number counts as nothing."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() and abs(found) < 10**9 else Decimal(0)


def _not_counted(sales: list[Any], currency: str) -> dict[str, int]:
    """What buyers got off, and what they paid beside the sales that shares are of, in the campaign's currency."""
    own = [sale for sale in sales if sale.currency == currency]
    return {
        "discount_minor": sum(line["discount_minor"] for sale in own for line in sale.lines if not line["gift_card"]),
        "tax_minor": sum(sale.net_tax_minor for sale in own),
        "shipping_minor": sum(sale.shipping_minor for sale in own),
        "gift_card_minor": sum(sale.gift_card_minor for sale in own),
    }


def _pending(session: Session, campaign: Campaign, sales: list[Any], now: datetime) -> dict[str, int]:
    """Orders whose buyers may still return them, and orders whose commission is held."""
    window = timedelta(days=campaign.terms.body["return_window_days"])
    held = open_holds(session, Order, [sale.id for sale in sales])
    return {
        "returnable": sum(1 for sale in sales if now < sale.placed_at + window),
        "held": len(held),
    }


def _rejected(session: Session, campaign: Campaign) -> list[dict[str, Any]]:
    """Orders credited to nobody, by reason: how many, and what was sold in those of the campaign's currency."""
    rows = session.execute(
        select(AttributionDecision.reason, func.count(), func.sum(Order.net_minor))
        .join(Order, Order.id == AttributionDecision.order_id)
        .where(
            AttributionDecision.campaign_id == campaign.id,
            AttributionDecision.participation_id.is_(None),
            AttributionDecision.superseded_at.is_(None),
            Order.currency == campaign.currency,
        )
        .group_by(AttributionDecision.reason)
        .order_by(AttributionDecision.reason)
    )
    return [{"reason": reason, "orders": count, "net_minor": int(net)} for reason, count, net in rows]


def _sources(session: Session, campaign: Campaign) -> dict[str, Any]:
    """The shop's messages, and the comparison with its own export."""
    count, last = session.execute(
        select(func.count(), func.max(Delivery.received_at)).where(
            Delivery.shop_id == campaign.shop_id, Delivery.received_at >= campaign.starts_at
        )
    ).one()
    compared = newest(session, campaign.id)
    return {
        "platform": campaign.shop.platform,
        "deliveries": count,
        "last_delivery_at": iso(last) if last else None,
        "reconciliation": {
            "source": compared.source,
            "made_at": iso(compared.made_at),
            "rows": compared.row_count,
            "matched": compared.matched_count,
        }
        if compared
        else None,
    }
