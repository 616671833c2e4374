"""Connecting a shop: what to paste where, for this shop's platform, and whether it worked.

The agency and the brand that owns the shop see it, the secret included: without the secret nobody can connect
anything. What a platform calls its buttons stands in templates/setup/<platform>.html and how codes are made there in
templates/setup/codes/; a platform without such files is told in words that fit any.
"""

import csv
import json
import logging
from datetime import datetime
from io import StringIO

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, defer
from wtforms import StringField
from wtforms.validators import Length, Optional

from campaigns.blueprints import access
from campaigns.blueprints.alarms import open_alarms
from campaigns.blueprints.console.words import platform_name
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.forms import Form
from campaigns.blueprints.signed_in import person
from campaigns.clock import iso
from campaigns.i18n import N_, gettext
from campaigns.models import Campaign, CouponCode, Delivery, Order, Participation, Shop
from campaigns.planning.audit import note
from campaigns.planning.connecting import connection, is_connected
from campaigns.planning.shop_codes.by_hand import joined
from campaigns.planning.shops import LONGEST_SECRET, change_secret
from campaigns.tracking.platforms.registry import PLATFORMS

blueprint = Blueprint("setup", __name__, url_prefix="/shops")
logger = logging.getLogger(__name__)
blueprint.add_app_template_global(open_alarms, "open_alarms")

WITH_CODES = ("ready", "live", "ended")
SHOWN_DELIVERIES = 8


class SecretForm(Form):
    """The secret the shop signs with: its own, or left empty a new one of ours."""

    webhook_secret = StringField(N_("Signing secret"), [Optional(), Length(min=8, max=LONGEST_SECRET)])


@blueprint.get("/<shop_id>/setup")
def shop(shop_id: str) -> ResponseReturnValue:
    """The instructions, and how things stand."""
    return _page(access.shop_for(session(), person(), shop_id), SecretForm(formdata=None))


@blueprint.post("/<shop_id>/setup/secret")
def save_secret(shop_id: str) -> ResponseReturnValue:
    """Take the shop's own secret or make a new one; the old one holds for another day."""
    owned = access.shop_for(session(), person(), shop_id)
    form = SecretForm()
    platform = PLATFORMS[owned.platform]
    if form.validate_on_submit() and platform.own_secret and not (form.webhook_secret.data or "").strip():
        form.webhook_secret.errors = [gettext("Paste the secret that %(platform)s shows you.", platform=platform.label)]
    if form.errors:
        return _page(owned, form), 422
    change_secret(session(), owned, now(), form.webhook_secret.data or "")
    note(session(), person().id, "shop secret changed", f"shop:{owned.public_id}", now())
    session().commit()
    logger.info("secret changed shop=%s", owned.public_id)
    flash(gettext("The secret is saved. The one before is still honoured for 24 hours."), "good")
    return redirect(url_for("setup.shop", shop_id=owned.public_id))


@blueprint.get("/<shop_id>/codes.csv")
def codes_csv(shop_id: str) -> ResponseReturnValue:
    """The coupon codes to create in the shop. Every cell is ours: codes, numbers, times, none typed by strangers."""
    owned = access.shop_for(session(), person(), shop_id)
    written = StringIO(newline="")
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(["code", "percent_off", "valid_from", "valid_to"])
    for code in _codes(owned):
        percent = code.participation.campaign.coupon_percent_off
        rows.writerow([code.code, percent, iso(code.valid_from), iso(code.valid_to)])
    headers = {"Content-Disposition": f'attachment; filename="codes-{owned.public_id}.csv"'}
    return Response(written.getvalue().encode("utf-8-sig"), mimetype="text/csv", headers=headers)


def webhook_url(public_url: str, shop: Shop) -> str:
    """Where the shop sends its webhooks."""
    return public_url + url_for("tracking.receive_delivery", platform=shop.platform, shop_id=shop.public_id)


def sample_body(currency: str, at: datetime) -> str:
    """A whole order in the Standard format, marked as a test: taken, and never credited."""
    order = {
        "id": "test-1",
        "number": "#TEST1",
        "version": iso(at),
        "placed_at": iso(at),
        "status": "paid",
        "currency": currency,
        "prices_include_tax": True,
        "lines": [
            {
                "id": "1",
                "sku": "SERUM-30",
                "title": "Serum 30 ml",
                "category": "skin care",
                "quantity": 2,
                "total": "236",
                "discount": "0",
                "tax": "36",
            }
        ],
        "shipping": "25",
        "tax": "36",
        "total": "261",
        "coupon_codes": ["CODE"],
        "click_id": "",
        "customer": {"id": "c1", "email": "buyer@example.com"},
        "test": True,
        "refunds": [],
    }
    return json.dumps({"type": "order.paid", "data": order}, indent=2)


def _page(owned: Shop, form: SecretForm) -> str:
    deliveries, steps = _last_deliveries(owned), connection(session(), owned)
    platform = PLATFORMS[owned.platform]
    form.webhook_secret.flags.required = platform.own_secret
    return render_template(
        "setup/shop.html",
        shop=owned,
        platform=platform_name(owned.platform),
        own_secret=platform.own_secret,
        url=webhook_url(settings().public_url, owned),
        steps=steps,
        connected=is_connected(steps),
        deliveries=deliveries,
        orders=_orders_of(owned, deliveries),
        codes=_codes(owned),
        codes_by_api=joined(owned),
        sample=sample_body(owned.currency, now()),
        # A secret that was never set by hand is one of ours, and such a platform signs with its own only.
        needs_secret=platform.own_secret and owned.previous_secret is None and not deliveries,
        form=form,
    )


def _last_deliveries(owned: Shop) -> list[Delivery]:
    query = select(Delivery).where(Delivery.shop_id == owned.id).options(defer(Delivery.body))
    newest = query.order_by(Delivery.received_at.desc(), Delivery.id.desc()).limit(SHOWN_DELIVERIES)
    return list(session().scalars(newest))


def _orders_of(owned: Shop, deliveries: list[Delivery]) -> dict[str, Order]:
    """What those deliveries were read as, by the shop's own id of the order."""
    ids = {delivery.order_external_id for delivery in deliveries if delivery.order_external_id}
    return {
        order.external_id: order
        for order in session().scalars(select(Order).where(Order.shop_id == owned.id, Order.external_id.in_(ids)))
    }


def _codes(owned: Shop) -> list[CouponCode]:
    query = (
        select(CouponCode)
        .join(CouponCode.participation)
        .join(Participation.campaign)
        .options(contains_eager(CouponCode.participation).contains_eager(Participation.campaign))
        .where(
            CouponCode.shop_id == owned.id,
            CouponCode.ended_at.is_(None),
            Campaign.status.in_(WITH_CODES),
        )
        .order_by(Campaign.starts_at, Campaign.id, CouponCode.id)
    )
    return list(session().scalars(query))
