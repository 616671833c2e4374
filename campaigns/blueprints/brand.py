"""A brand's own pages: its campaigns, what each sold and what it costs, order by order, and its shops.

A brand pays both shares of actual sales and nothing else, so every figure of cost here is a sum of orders on the
page. Influencers show by name and handle; how they are paid is not a brand's business, nor are buyers' details ours.
"""

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.blueprints import access, charts
from campaigns.blueprints.brand_home import front_door
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.following import followed
from campaigns.blueprints.signed_in import person
from campaigns.documents.labels import LABELS
from campaigns.models import Campaign, Delivery, Document, Participation, Shop
from campaigns.planning.plans import agency_most_bps
from campaigns.settlement import earnings
from campaigns.settlement.billing.bill_payments import states_of
from campaigns.settlement.billing.bills import bills_of
from campaigns.settlement.close import TOOK_PART
from campaigns.settlement.contact_list import PAGE, contacts_in, counts_by_status, page_of_contacts
from campaigns.settlement.daily import daily
from campaigns.settlement.figures import Figures, figures_of, total, uncredited
from campaigns.settlement.reconciling.reconciliation import newest, shown
from campaigns.settlement.wallets.wallets import brand_wallets

blueprint = Blueprint("brand", __name__, url_prefix="/brand")


@blueprint.get("")
def campaigns() -> ResponseReturnValue:
    """The front door: what waits for the brand, what runs and sells, what is to come and what is over."""
    return render_template("brand/campaigns.html", **front_door(person()))


@blueprint.get("/campaigns/<campaign_id>")
def campaign(campaign_id: str) -> ResponseReturnValue:
    """One campaign: totals, influencers, days, orders, papers."""
    place = access.campaign_for(session(), person(), campaign_id)
    figures, people = figures_of(session(), place.id), _people(place)
    skip = max(request.args.get("skip", 0, type=int), 0)
    orders = earnings.credited(session(), place.id, now(), None, skip, earnings.PAGE + 1)
    more = url_for("brand.campaign", campaign_id=place.public_id, skip=skip + earnings.PAGE)
    days = daily(session(), place.id, None, place.timezone, now().astimezone(ZoneInfo(place.timezone)).date())
    return render_template(
        "brand/campaign.html",
        campaign=place,
        terms=place.terms.body,
        people=people,
        figures=figures,
        zero=Figures(),
        total=total(figures.values()),
        uncredited=uncredited(session(), place.id),
        reasons=LABELS,
        days=days,
        panels=charts.panels(days, place.currency),
        people_charts=charts.of_people(people, figures, place.currency),
        orders=orders[: earnings.PAGE],
        next_url=more if len(orders) > earnings.PAGE else "",
        documents=_documents(place),
        reconciliation=newest(session(), place.id),
        shown=shown,
        bills=states_of(session(), bills_of(session(), place.id)),
        wallets=[one for one in brand_wallets(session(), place.brand_id) if one.currency == place.currency],
        share_limit_bps=settings().agency_share_limit_bps,
        agency_most_bps=agency_most_bps(place, people),
    )


@blueprint.get("/campaigns/<campaign_id>/contacts")
def contacts(campaign_id: str) -> ResponseReturnValue:
    """The leads and calls of a campaign that are somebody's, and what each costs; nothing of the person."""
    place = access.campaign_for(session(), person(), campaign_id)
    skip = max(request.args.get("skip", 0, type=int), 0)
    rows, more = page_of_contacts(session(), contacts_in(place.id), skip)
    next_url = url_for("brand.contacts", campaign_id=place.public_id, skip=skip + PAGE) if more else ""
    counts = counts_by_status(session(), place.id)
    facts = {"campaign": place, "rows": rows, "counts": counts, "reasons": LABELS, "next_url": next_url}
    return render_template("brand/contacts.html", **facts)


@blueprint.get("/orders/<order_id>")
def order(order_id: str) -> ResponseReturnValue:
    """One order of the brand's shops, followed to its postings."""
    found = followed(access.traced_order_for(session(), person(), order_id))
    return render_template("brand/order.html", **found, place=found["trace"].campaign)


@blueprint.get("/contacts/<contact_id>")
def contact(contact_id: str) -> ResponseReturnValue:
    """One lead or call of the brand's shops, followed to its postings; nothing of the person."""
    found = followed(access.traced_contact_for(session(), person(), contact_id))
    return render_template("brand/contact.html", **found, place=found["trace"].campaign)


@blueprint.get("/shops")
def shops() -> ResponseReturnValue:
    """The brand's shops, and whether each is connected."""
    mine = session().scalars(access.shops_for(person()).order_by(Shop.id)).all()
    heard = {shop.id: _last_heard(shop) for shop in mine}
    return render_template("brand/shops.html", shops=mine, heard=heard)


def _people(place: Campaign) -> list[Participation]:
    """Who took part; those who said no, or have not answered, stay between them and the agency."""
    query = access.participations_for(person()).where(
        Participation.campaign_id == place.id, Participation.status.in_(TOOK_PART)
    )
    return list(session().scalars(query.options(joinedload(Participation.influencer)).order_by(Participation.id)))


def _documents(place: Campaign) -> list[Document]:
    query = access.documents_for(person()).where(Document.campaign_id == place.id)
    return list(session().scalars(query.order_by(Document.id.desc())))


def _last_heard(shop: Shop) -> Delivery | None:
    query = select(Delivery).where(Delivery.shop_id == shop.id)
    return session().scalar(query.order_by(Delivery.id.desc()).limit(1))
