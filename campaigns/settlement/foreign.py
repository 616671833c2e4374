"""Orders of another currency than their campaign's, in the campaign's: by the rate their decision names.

Every sum of sales is of one currency. An order that no rate converts counts as nothing in it, and is shown as held.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from campaigns.clock import iso
from campaigns.commissions.exchange import converted
from campaigns.models import AttributionDecision, Campaign, Order
from campaigns.tracking.rates import rate_in


def sold_in(order: Order, evidence: Mapping[str, Any], currency: str) -> tuple[int, int]:
    """An order's net and what was refunded of it, in a campaign's currency; nothing where no rate converts it."""
    if order.currency == currency:
        return order.net_minor, order.refunded_minor
    rate = rate_in(evidence)
    if rate is None:
        return 0, 0
    net, refunded = (converted(one, order.currency, currency, rate) for one in (order.net_minor, order.refunded_minor))
    return net, refunded


def sale_told(order: Order, decision: AttributionDecision | None, currency: str) -> dict[str, Any]:
    """What a line of a statement or a bill says of an order, its amounts in the campaign's currency."""
    evidence = decision.evidence if decision else {}
    net, refunded = sold_in(order, evidence, currency)
    return {
        "order_number": order.number,
        "placed_at": iso(order.placed_at),
        "reason": decision.reason if decision else "manual",
        "net_minor": net,
        "refunded_minor": refunded,
        "foreign": _told_beside(order, evidence, currency),
    }


def _told_beside(order: Order, evidence: Mapping[str, Any], currency: str) -> dict[str, Any] | None:
    """What a paper says beside the converted amounts: the order's own, and the rate. None for most orders."""
    if order.currency == currency:
        return None
    rate = evidence.get("rate") or {}
    return {
        "currency": order.currency,
        "net_minor": order.net_minor,
        "refunded_minor": order.refunded_minor,
        "rate_millionths": rate.get("rate_millionths"),
        "on": rate.get("on"),
        "source": rate.get("source"),
    }


def own_currency(amount: InstrumentedAttribute[int]) -> ColumnElement[int]:
    """A column of orders to be summed in their campaign's currency; foreign orders are added by `foreign_sales`."""
    return func.sum(case((Order.currency == Campaign.currency, amount), else_=0))


def foreign_count() -> ColumnElement[int]:
    """How many of the orders summed are of another currency; where none is, `foreign_sales` need not be asked."""
    return func.sum(case((Order.currency != Campaign.currency, 1), else_=0))


def foreign_sales(session: Session, campaign_ids: Collection[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """(campaign, participation) -> net and refunded of its credited foreign sales, in the campaign's currency."""
    sums: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for order, decision, currency in foreign_orders(session, campaign_ids):
        assert decision.campaign_id is not None and decision.participation_id is not None  # asked for so
        key = (decision.campaign_id, decision.participation_id)
        net, refunded = sold_in(order, decision.evidence, currency)
        sums[key] = (sums[key][0] + net, sums[key][1] + refunded)
    return sums


def foreign_orders(session: Session, campaign_ids: Collection[int]) -> list[tuple[Order, AttributionDecision, str]]:
    """The credited sales in another currency than their campaign's: order, decision, the campaign's currency."""
    if not campaign_ids:
        return []
    rows = session.execute(
        select(Order, AttributionDecision, Campaign.currency)
        .join(AttributionDecision, AttributionDecision.order_id == Order.id)
        .join(Campaign, Campaign.id == AttributionDecision.campaign_id)
        .where(
            AttributionDecision.campaign_id.in_(campaign_ids),
            AttributionDecision.participation_id.is_not(None),
            AttributionDecision.superseded_at.is_(None),
            Order.is_sale,
            Order.currency != Campaign.currency,
        )
        .order_by(Order.id)
    )
    return [(order, decision, currency) for order, decision, currency in rows]
