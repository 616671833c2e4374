"""Orders as rows: what each sold, whose sale it is and why, and what it earned. No row says who the buyer is.

Staff see all, also those that are nobody's; a brand and an influencer what is credited in their own campaigns. Sales
stand in the campaign's currency; where an order was paid in another, its own amounts stand beside them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, load_only, selectinload

from campaigns.documents.labels import LABELS
from campaigns.i18n import N_
from campaigns.models import AttributionDecision, Brand, Campaign, Order, Participation, Shop
from campaigns.settlement.earnings import CreditedOrder, as_credited
from campaigns.settlement.exporting.asked import SLICE, Asked
from campaigns.settlement.paying.dues import given_back
from campaigns.sheets.columns import Column, Row

STATES = {
    "pending": N_("Pending"), "paid": N_("Paid"), "refunded": N_("Refunded"), "cancelled": N_("Cancelled"),
    "approved": N_("Approved"), "in_statement": N_("On a statement"), "held": N_("Held"), "reversed": N_("Reversed"),
}  # fmt: skip
COLUMNS = (
    Column("order", N_("Order")),
    Column("placed_at", N_("Placed"), "moment"),
    Column("brand", N_("Brand")),
    Column("shop", N_("Shop")),
    Column("shop_order_id", N_("The shop's id")),
    Column("campaign", N_("Campaign")),
    Column("influencer", N_("Influencer")),
    Column("order_state", N_("Status"), words=STATES),
    Column("credited_by", N_("Credited by"), words=LABELS),
    Column("net_minor", N_("Net sale"), "money"),
    Column("refunded_minor", N_("Refunded"), "money"),
    Column("commission_minor", N_("Commission"), "money"),
    Column("agency_fee_minor", N_("Agency fee"), "money"),
    Column("brand_pays_minor", N_("Brand pays"), "money"),
    Column("commission_state", N_("State of the commission"), words=STATES),
    Column("currency", N_("Currency")),
    Column("paid_in", N_("Paid in")),
    Column("paid_net_minor", N_("Net sale there"), "money", currency="paid_in", summed=False),
    Column("paid_refunded_minor", N_("Refunded there"), "money", currency="paid_in", summed=False),
)
HIDDEN = {
    "agency": (),
    "brand": ("brand",),
    "influencer": ("brand", "shop", "shop_order_id", "influencer", "agency_fee_minor", "brand_pays_minor"),
}
READ = (
    Order.number, Order.external_id, Order.shop_id, Order.placed_at, Order.status, Order.deleted, Order.currency,
    Order.net_minor, Order.refunded_minor,
)  # fmt: skip
Found = tuple[Order, AttributionDecision | None]


def columns(asked: Asked) -> tuple[Column, ...]:
    """The columns a role sees."""
    return asked.sees(COLUMNS, *HIDDEN[asked.role])


def rows(session: Session, asked: Asked) -> Iterator[Row]:
    """The orders in the sequence in which they came in, a slice at a time."""
    keys, query, after = [column.key for column in columns(asked)], _orders(asked), 0
    returned = given_back(session)
    while found := [(order, decision) for order, decision in session.execute(query.where(Order.id > after))]:
        for values in _told(session, asked, found, returned):
            yield [values[key] for key in keys]
        after = found[-1][0].id


def _orders(asked: Asked) -> Select[Order, AttributionDecision]:
    current = and_(AttributionDecision.order_id == Order.id, AttributionDecision.superseded_at.is_(None))
    query = (
        select(Order, AttributionDecision)
        .join(AttributionDecision, current, isouter=True)
        .join(Shop, Shop.id == Order.shop_id)
        .outerjoin(Campaign, Campaign.id == AttributionDecision.campaign_id)
        .outerjoin(Participation, Participation.id == AttributionDecision.participation_id)
        .options(
            load_only(*READ),
            selectinload(Order.shop).selectinload(Shop.brand).load_only(Brand.name),
            selectinload(AttributionDecision.acceptance),
            selectinload(AttributionDecision.campaign),
            selectinload(AttributionDecision.participation).selectinload(Participation.influencer),
        )
        .where(*asked.within(Order.placed_at))
        .where(*asked.among(campaign_id=AttributionDecision.campaign_id, influencer_id=Participation.influencer_id))
        .order_by(Order.id)
        .limit(SLICE)
    )
    if asked.brand_id is not None:
        nobodys = and_(Campaign.id.is_(None), Shop.brand_id == asked.brand_id)
        query = query.where(or_(Campaign.brand_id == asked.brand_id, nobodys))
    return query if asked.role == "agency" else query.where(AttributionDecision.participation_id.is_not(None))


def _told(
    session: Session, asked: Asked, found: Sequence[Found], returned: Collection[int]
) -> Iterator[dict[str, object]]:
    """The rows of a slice, in its sequence; earnings are asked for a campaign at a time."""
    by_campaign: dict[int, list[tuple[Order, AttributionDecision]]] = defaultdict(list)
    for order, decision in found:
        if decision is not None and decision.campaign_id is not None and decision.participation_id is not None:
            by_campaign[decision.campaign_id].append((order, decision))
    credited = {
        one.order.id: one
        for campaign_id, pairs in by_campaign.items()
        for one in as_credited(session, campaign_id, pairs, asked.now, returned)
    }
    for order, decision in found:
        yield _values(asked, order, decision, credited.get(order.id))


def _values(
    asked: Asked, order: Order, decision: AttributionDecision | None, credited: CreditedOrder | None
) -> dict[str, object]:
    campaign, person = (decision.campaign, decision.participation) if decision else (None, None)
    currency = campaign.currency if campaign and credited else order.currency
    net, refunded = credited.sold if credited else (order.net_minor, order.refunded_minor)
    foreign = order.currency if order.currency != currency else ""
    return {
        "order": asked.shown_number(order.number),
        "placed_at": order.placed_at,
        "brand": order.shop.brand.name,
        "shop": order.shop.name,
        "shop_order_id": order.external_id,
        "campaign": campaign.name if campaign else "",
        "influencer": person.influencer.name if person else "",
        "order_state": order.state,
        "credited_by": decision.reason if decision else "none",
        "net_minor": net,
        "refunded_minor": refunded,
        "commission_minor": credited.commission_minor if credited else 0,
        "agency_fee_minor": credited.agency_fee_minor if credited else 0,
        "brand_pays_minor": credited.brand_charge_minor if credited else 0,
        "commission_state": credited.state if credited else "",
        "currency": currency,
        "paid_in": foreign,
        "paid_net_minor": order.net_minor if foreign else None,
        "paid_refunded_minor": order.refunded_minor if foreign else None,
    }
