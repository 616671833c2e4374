"""Deliveries: what the shops sent and what became of it, to be found among a million."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints.access import shop_for, shops_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session
from campaigns.blueprints.signed_in import person
from campaigns.models import Shop
from campaigns.models.tracking import DELIVERY_ORIGINS, DELIVERY_STATUSES
from campaigns.tracking import finding
from campaigns.tracking.platforms.registry import PLATFORMS

LONGEST_WORDS = 200
FILTERS = ("q", "shop", "platform", "origin", "status", "from", "to")


@blueprint.get("/deliveries")
def deliveries() -> ResponseReturnValue:
    """The newest first; of one shop or platform, of one origin, status and period, or with some words in them."""
    shops = list(session().scalars(shops_for(person()).order_by(Shop.name, Shop.id)))
    shop = shop_for(session(), person(), request.args["shop"]) if request.args.get("shop") else None
    search = _asked_for(shops, shop)
    found = finding.find(session(), search, request.args.get("after", ""))
    kept: dict[str, Any] = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return render_template(
        "console/deliveries.html",
        deliveries=found.deliveries,
        looked_back_to=found.looked_back_to,
        next_url=url_for("console.deliveries", **kept, after=found.after) if found.after else "",
        first_page="after" not in request.args,
        shops=shops,
        shop=shop,
        timezone=_zone(shops, shop),
        asked=kept,
        platforms={code: PLATFORMS[code].label for code in PLATFORMS if any(one.platform == code for one in shops)},
        origins=DELIVERY_ORIGINS,
        statuses=DELIVERY_STATUSES,
        counts=finding.counts(session(), (shop.id,) if shop else None, now()),
        most=finding.MOST_RARE,
        newest=finding.LOOKED_THROUGH,
        refused=sum(one.refused_deliveries for one in ([shop] if shop else shops)),
    )


def _asked_for(shops: list[Shop], shop: Shop | None) -> finding.Search:
    """The address's query as a search; what it says of no meaning is left out."""
    asked, platform = request.args, request.args.get("platform", "")
    chosen = [one.id for one in ([shop] if shop else shops) if not platform or one.platform == platform]
    zone = ZoneInfo(_zone(shops, shop))
    until = _day(asked.get("to", ""), zone)
    return finding.Search(
        words=asked.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS],
        shop_ids=tuple(chosen) if shop or platform else None,
        status=asked.get("status", "") if asked.get("status") in DELIVERY_STATUSES else "",
        origin=asked.get("origin", "") if asked.get("origin") in DELIVERY_ORIGINS else "",
        since=_day(asked.get("from", ""), zone),
        until=until + timedelta(days=1) if until else None,
    )


def _zone(shops: list[Shop], shop: Shop | None) -> str:
    """Days are the chosen shop's; of several shops, the first one's."""
    return shop.timezone if shop else shops[0].timezone if shops else "UTC"


def _day(text: str, zone: ZoneInfo) -> datetime | None:
    """The beginning of a day, as a date field sends it; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day, time(), zone) if 2000 <= day.year < 2200 else None
