"""The shop's side of a finding as an event, for the path that every delivery takes.

An order that the export tells whole is taken as it stands, if it is no older than what we have. A table tells less:
there the order we have is amended by what the row says, and its buyer stays. Its version is the smallest step after
ours, so that whatever the shop itself tells later counts. A sum given back without items is taken like WooCommerce's,
in proportion to the order's parts, and only until the shop itself tells what was given back.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict
from campaigns.i18n import N_
from campaigns.models import Campaign, Finding, Order, OrderDeletion
from campaigns.settlement.reconciling.exported import ShopOrder
from campaigns.settlement.reconciling.reconcile import heard
from campaigns.settlement.reconciling.reconciliation import TOLD, shown
from campaigns.tracking.events import RECONCILED, Line, OrderSnapshot, Refund, ShopEvent
from campaigns.tracking.orders import find_order, refunds_of
from campaigns.tracking.reconciled import MADE_UP

STEP = timedelta(milliseconds=1)
WAY_OUT = N_("Ask the shop's API for the whole campaign, or upload the orders as JSON.")
FORGOTTEN = N_("what the export said of the order is no longer kept: upload it again")
NEWER_HERE = N_("the shop itself told of the order after the version in the export")
TAKEN_BACK = N_("the export doesn't tell which refund was taken back")
NO_AMOUNTS = N_("the export doesn't tell the items that make the other amount")


def event_of(session: Session, campaign: Campaign, finding: Finding) -> ShopEvent:
    """What follows from taking the shop's word. Raises Conflict where its word is not enough."""
    order = find_order(session, campaign.shop_id, finding.external_id)
    if finding.kind == "missing_there":
        version = order.version if order else None
        return ShopEvent(RECONCILED, order_id=finding.external_id, deleted=True, occurred_at=version)
    told = finding.theirs.get(TOLD)
    if told is None:
        raise _refused(FORGOTTEN)
    theirs = heard(shown(finding), finding.external_id, finding.number)
    snapshot = msgspec.convert(told["snapshot"], OrderSnapshot) if told["snapshot"] else None
    if order is None:
        if snapshot is None:
            raise _refused(told["lacks"])
        whole = snapshot if told["dated"] else _with_sum(snapshot, theirs, 0, finding)
    else:
        since = _newest_word(session, order)
        whole = _dated(snapshot, since) if told["dated"] and snapshot else _amended(session, order, theirs, told)
        if not told["dated"]:
            back = sum(refund.money_minor for refund in whole.refunds)
            whole = replace(_with_sum(whole, theirs, back, finding), version=since + STEP)
    return ShopEvent(RECONCILED, order_id=whole.external_id, order=whole, occurred_at=whole.version)


def _dated(snapshot: OrderSnapshot, since: datetime) -> OrderSnapshot:
    if snapshot.version < since:
        raise _refused(NEWER_HERE)
    return snapshot if snapshot.version > since else replace(snapshot, version=since + STEP)


def _amended(session: Session, order: Order, theirs: ShopOrder, told: dict[str, Any]) -> OrderSnapshot:
    """The order as we have it, with the state and the amounts that a table tells."""
    whole = msgspec.convert(told["snapshot"], OrderSnapshot) if told["snapshot"] else None
    same = theirs.total_minor in (None, order.total_minor) and theirs.currency == order.currency
    if theirs.net_minor is not None or (not same and whole is None):
        raise _refused(told["lacks"] or NO_AMOUNTS)
    refunds = [msgspec.convert(row.body, Refund) for row in refunds_of(session, order)]
    mine = OrderSnapshot(
        external_id=order.external_id,
        number=order.number,
        version=order.version,
        placed_at=order.placed_at,
        status=theirs.status or order.status,
        raw_status=theirs.raw_status,
        currency=order.currency,
        prices_include_tax=order.prices_include_tax,
        lines=tuple(msgspec.convert(order.lines, list[Line])),
        shipping_minor=order.shipping_minor,
        tax_minor=order.tax_minor,
        fees_minor=order.fees_minor,
        total_minor=order.total_minor,
        codes=tuple(order.codes),
        typed_codes=tuple(order.typed_codes),
        click_ids=tuple(order.click_ids),
        landing_url=order.landing_url or None,
        affiliates=tuple(order.affiliates),
        customer=None,
        source=order.source,
        test=order.test,
        refunds_complete=True,
        refunds=tuple(refunds),
    )
    return mine if same or whole is None else _with_amounts(mine, whole)


def _with_amounts(mine: OrderSnapshot, whole: OrderSnapshot) -> OrderSnapshot:
    """Our order with the export's lines and sums; what a line is beside its price we know better."""
    known = {line.sku: line for line in mine.lines if line.sku}
    lines = []
    for line in whole.lines:
        same = known.get(line.sku)
        lines.append(replace(line, category=same.category, gift_card=same.gift_card) if same else line)
    return replace(
        mine,
        currency=whole.currency,
        prices_include_tax=whole.prices_include_tax,
        lines=tuple(lines),
        shipping_minor=whole.shipping_minor,
        tax_minor=whole.tax_minor,
        fees_minor=whole.fees_minor,
        total_minor=whole.total_minor,
    )


def _with_sum(snapshot: OrderSnapshot, theirs: ShopOrder, back_minor: int, finding: Finding) -> OrderSnapshot:
    """The order with as much given back as the export says, where that matters: a paid order's part."""
    if snapshot.status != "paid" or theirs.refunded_minor is None or theirs.refunded_minor == back_minor:
        return snapshot
    if theirs.refunded_minor == 0:
        return replace(snapshot, refunds=(), refunds_complete=True)
    more = theirs.refunded_minor - back_minor
    if more < 0:
        raise _refused(TAKEN_BACK)
    made_up = Refund(
        MADE_UP + finding.public_id, None, snapshot.currency, unsplit_minor=more, money_minor=more
    )  # fmt: skip
    refunds: Sequence[Refund] = (*snapshot.refunds, made_up)
    return replace(snapshot, refunds=tuple(refunds), refunds_complete=True)


def _newest_word(session: Session, order: Order) -> datetime:
    """When the shop last told anything of the order's state."""
    deleted_at = session.scalar(
        select(OrderDeletion.deleted_at).filter_by(shop_id=order.shop_id, order_external_id=order.external_id)
    )
    return max(order.version, deleted_at) if deleted_at else order.version


def _refused(reason: str) -> Conflict:
    return Conflict(reason, [reason, WAY_OUT])
