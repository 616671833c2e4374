"""The comparison of a campaign with the shop's own export, kept: who made it, from what file, and what it found.

Of several comparisons only the newest counts. A finding keeps what the shop said of the order until it is decided, so
that accepting can take it in; then, or when a newer comparison takes its place, what tells of the buyer is let go.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.db import lock_name
from campaigns.errors import Said
from campaigns.i18n import N_
from campaigns.models import Campaign, Finding, Order, OrderRefund, Reconciliation
from campaigns.models.money import FINDING_KINDS
from campaigns.settlement.reconciling.exported import Export, ShopOrder
from campaigns.settlement.reconciling.reconcile import OurOrder, Period, compare, said_by_them, said_by_us
from campaigns.settlement.reconciling.shop_exports import refuse_unread
from campaigns.tracking.worth import in_force

# A list in local time may have an order on the other side of the period's edge: it is still found.
MARGIN = timedelta(days=2)
TOLD = "told"  # of a finding's `theirs`: the whole order with its buyer, never shown
LISTED = 100  # findings named in a report, of each kind
BLOCKING = {
    ("missing_here", "open"): N_("orders of the shop's export that are not here, to be decided: %(count)s"),
    ("missing_there", "open"): N_("orders that the shop's export does not have, to be decided: %(count)s"),
    ("amount_differs", "open"): N_("orders with another amount in the shop's export, to be decided: %(count)s"),
    ("status_differs", "open"): N_("orders with another state in the shop's export, to be decided: %(count)s"),
}
_COLUMNS = (
    Order.id, Order.external_id, Order.number, Order.placed_at, Order.status, Order.raw_status, Order.currency,
    Order.total_minor, Order.net_minor, Order.gift_card_minor, Order.fees_minor, Order.deleted, Order.test,
    Order.refund_ids,
)  # fmt: skip


def reconcile(
    session: Session, campaign: Campaign, export: Export, file: bytes, user_id: int | None, now: datetime
) -> Reconciliation:
    """Compare and keep; what an earlier comparison left open is open no more. Raises Invalid naming unread rows."""
    refuse_unread(export)
    hold(session, campaign.id)
    let_go(session, campaign.id)
    period = period_of(campaign)
    wide = (period[0] - MARGIN, period[1] + MARGIN)
    found = compare(our_orders(session, campaign.shop_id, wide), export.orders, period)
    made = Reconciliation(
        campaign_id=campaign.id, source=export.source, sha256=hashlib.sha256(file).hexdigest(),
        row_count=len(export.orders), matched_count=found.matched, made_by_user_id=user_id, made_at=now,
    )  # fmt: skip
    made.findings = [
        Finding(
            kind=one.kind,
            external_id=one.external_id[:120],
            number=one.number,
            order_id=one.ours.order_id if one.ours else None,
            ours=said_by_us(one.ours),
            theirs=_kept(one.theirs),
        )
        for one in found.differences
    ]
    session.add(made)
    session.flush()
    return made


def hold(session: Session, campaign_id: int) -> None:
    """Whoever compares a campaign or decides on its findings holds this until the transaction ends."""
    lock_name(session, f"reconciliation:{campaign_id}")


def period_of(campaign: Campaign) -> Period:
    """When its orders were placed: its dates, and the days that codes go on earning."""
    return campaign.starts_at, campaign.ends_at + timedelta(days=campaign.grace_days)


def newest(session: Session, campaign_id: int) -> Reconciliation | None:
    """The comparison that counts."""
    mine = select(Reconciliation).where(Reconciliation.campaign_id == campaign_id)
    return session.scalar(mine.order_by(Reconciliation.id.desc()).limit(1))


def undecided(session: Session, campaign_id: int) -> dict[tuple[str, str], int]:
    """(kind, status) -> how many findings of the newest comparison are open or disputed."""
    last = select(func.max(Reconciliation.id)).where(Reconciliation.campaign_id == campaign_id).scalar_subquery()
    rows = session.execute(
        select(Finding.kind, Finding.status, func.count())
        .where(Finding.reconciliation_id == last, Finding.status.in_(("open", "disputed")))
        .group_by(Finding.kind, Finding.status)
    )
    return {(kind, status): count for kind, status, count in rows}


def blocking(session: Session, campaign_id: int) -> list[Said]:
    """What of the newest comparison stands against a closing."""
    counts = undecided(session, campaign_id)
    said = [Said(sentence, count=counts[one]) for one, sentence in BLOCKING.items() if one in counts]
    disputed = sum(count for (_, status), count in counts.items() if status == "disputed")
    if disputed:
        said.append(Said("disputed differences from the shop's export: %(count)s", count=disputed))
    return said


def standing(session: Session, campaign_id: int) -> list[Said]:
    """The differences that were waived or disputed, one by one, for the report."""
    last = newest(session, campaign_id)
    if last is None:
        return []
    found: list[Said] = []
    for kind in FINDING_KINDS:
        query = select(Finding).where(Finding.reconciliation_id == last.id, Finding.kind == kind)
        left = query.where(Finding.status.in_(("waived", "disputed"))).order_by(Finding.id)
        found += [_listed(one) for one in session.scalars(left.limit(LISTED))]
    return found


def _listed(finding: Finding) -> Said:
    facts = {"number": finding.number, "reason": finding.reason}
    if finding.status == "disputed":
        return Said("order %(number)s, disputed with the shop: %(reason)s", **facts)
    sentences = {
        "missing_here": Said("order %(number)s is in the shop's export and not here; waived: %(reason)s", **facts),
        "missing_there": Said("order %(number)s is not in the shop's export; waived: %(reason)s", **facts),
        "amount_differs": Said("order %(number)s has another amount at the shop; waived: %(reason)s", **facts),
        "status_differs": Said("order %(number)s has another state at the shop; waived: %(reason)s", **facts),
    }
    return sentences[finding.kind]


def let_go(session: Session, campaign_id: int) -> None:
    """Forget the buyers that findings of a campaign still know of."""
    findings = select(Finding).join(Reconciliation, Reconciliation.id == Finding.reconciliation_id)
    undone = findings.where(Reconciliation.campaign_id == campaign_id, Finding.status.in_(("open", "disputed")))
    for finding in session.scalars(undone):
        forget(finding)
    session.flush()


def forget(finding: Finding) -> None:
    """Keep of the shop's side what may be shown."""
    finding.theirs = shown(finding)


def shown(finding: Finding) -> dict[str, Any]:
    """The shop's side without the buyer."""
    return {name: value for name, value in finding.theirs.items() if name != TOLD}


def our_orders(
    session: Session, shop_id: int, period: Period, external_ids: Iterable[str] | None = None
) -> list[OurOrder]:
    """A shop's orders placed in a period, or some by their ids, as they are compared."""
    mine = select(*_COLUMNS).where(Order.shop_id == shop_id)
    told = select(OrderRefund.order_external_id, OrderRefund.refund_id, OrderRefund.body).where(
        OrderRefund.shop_id == shop_id
    )
    if external_ids is None:
        mine = mine.where(Order.placed_at.between(*period))
        told = told.where(OrderRefund.order_external_id.in_(mine.with_only_columns(Order.external_id)))
    else:
        names = list(external_ids)
        mine = mine.where(Order.external_id.in_(names))
        told = told.where(OrderRefund.order_external_id.in_(names))
    refunds: dict[str, list[Any]] = defaultdict(list)
    for refund in session.execute(told):
        refunds[refund.order_external_id].append(refund)
    rows = session.execute(mine.order_by(Order.placed_at, Order.id))
    return [_our_order(row, refunds[row.external_id]) for row in rows]


def _our_order(row: Any, refunds: list[Any]) -> OurOrder:
    back = sum(refund.body["money_minor"] for refund in in_force(row, refunds))
    return OurOrder(
        order_id=row.id,
        external_id=row.external_id,
        number=row.number,
        placed_at=row.placed_at,
        status="cancelled" if row.deleted else row.status,
        raw_status=row.raw_status,
        currency=row.currency,
        total_minor=row.total_minor,
        refunded_minor=None if row.status == "refunded" else back,
        net_minor=row.net_minor + row.gift_card_minor + row.fees_minor,
        absent=row.deleted or row.test,
    )


def _kept(order: ShopOrder | None) -> dict[str, Any]:
    if order is None:
        return {}
    told = {"snapshot": msgspec.to_builtins(order.snapshot), "dated": order.dated, "lacks": order.lacks}
    return {**said_by_them(order), TOLD: told}
