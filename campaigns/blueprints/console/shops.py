"""Shops: where orders come from, and the secret their messages are signed with."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints.access import brand_for, brands_for, shop_for, shops_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import LinesField, choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.console.shop_api import api_facts
from campaigns.blueprints.console.words import platform_name
from campaigns.blueprints.context import now, session
from campaigns.blueprints.signed_in import person
from campaigns.clock import time_zones
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Brand, Delivery, Shop
from campaigns.planning.audit import note
from campaigns.planning.shops import change_secret, change_shop, create_shop
from campaigns.tracking import finding
from campaigns.tracking.platforms.registry import PLATFORMS

ZONES = sorted(zone for zone in time_zones() if "/" in zone)
USUAL_CURRENCIES = ("ILS", "USD", "EUR", "GBP")
SECRET = {"class": "ltr", "autocomplete": "off"}
log = logging.getLogger(__name__)


class ShopForm(SpokenForm):
    """What may change about a shop."""

    name = StringField(N_("Name"), [InputRequired(), Length(max=200)])
    domain = StringField(N_("Address of the shop"), [InputRequired(), Length(max=253)], render_kw={"class": "ltr"})
    hosts = LinesField(N_("Further addresses of the shop"), render_kw={"class": "ltr", "rows": "3"})
    timezone = SelectField(N_("Time zone"), [InputRequired()], default="Asia/Jerusalem",
                           choices=choices((zone, zone) for zone in ZONES))  # fmt: skip


class NewShopForm(ShopForm):
    """A shop, with what orders are read by and can't change later."""

    brand = SelectField(N_("Brand"), [InputRequired()])
    platform = SelectField(N_("Platform"), [InputRequired()])
    currency = StringField(N_("Currency"), [InputRequired(), Length(3, 3)], default="ILS",
                           render_kw={"class": "ltr", "list": "currencies"})  # fmt: skip
    webhook_secret = StringField(N_("The shop's own secret"), [Length(max=200)], render_kw=SECRET)


class SecretForm(SpokenForm):
    """A secret of the shop's own; empty, one is made."""

    webhook_secret = StringField(N_("The shop's own secret"), [Length(max=200)], render_kw=SECRET)


@blueprint.get("/shops")
def shops() -> ResponseReturnValue:
    """Every shop, with when it was last heard of."""
    found = session().scalars(shops_for(person()).order_by(Shop.name, Shop.id)).all()
    newest = select(Delivery.received_at).where(Delivery.shop_id == Shop.id).correlate(Shop)
    heard = select(Shop.id, newest.order_by(Delivery.received_at.desc()).limit(1).scalar_subquery())
    last = {shop_id: moment for shop_id, moment in session().execute(heard)}
    return render_template("console/shops.html", shops=found, last=last)


@blueprint.route("/shops/new", methods=["GET", "POST"])
def new_shop() -> ResponseReturnValue:
    """A shop; its set-up page follows."""
    brands = list(session().scalars(brands_for(person()).order_by(Brand.name, Brand.id)))
    form = NewShopForm(brand=request.args.get("brand", ""))
    form.brand.choices = choices((brand.public_id, brand.name) for brand in brands)
    form.platform.choices = choices((code, platform_name(code)) for code in PLATFORMS)
    if form.validate_on_submit():
        brand = brand_for(session(), person(), form.brand.data)
        place = (form.domain.data, form.currency.data.upper(), form.timezone.data)
        try:
            secret, hosts = form.webhook_secret.data, form.hosts.data
            shop = create_shop(session(), brand, form.platform.data, form.name.data, *place, now(), secret, hosts)
            session().commit()
            flash(gettext("The shop is added. Now connect it."), "good")
            return redirect(url_for("setup.shop", shop_id=shop.public_id))
        except Invalid as refused:
            form.take_errors(refused)
    facts = {"form": form, "brands": brands, "currencies": USUAL_CURRENCIES}
    return render_template("console/new_shop.html", **facts), 422 if form.errors else 200


@blueprint.route("/shops/<shop_id>", methods=["GET", "POST"])
def shop(shop_id: str) -> ResponseReturnValue:
    """One shop: its name, host and zone, and its secret."""
    found: Shop = shop_for(session(), person(), shop_id)
    form = ShopForm(obj=found)
    if form.validate_on_submit():
        try:
            change_shop(session(), found, form.name.data, form.domain.data, form.timezone.data, form.hosts.data)
            session().commit()
            flash(gettext("The shop is saved."), "good")
            return redirect(url_for("console.shop", shop_id=shop_id))
        except Invalid as refused:
            form.take_errors(refused)
    return render_template(
        "console/shop.html",
        shop=found,
        form=form,
        secret_form=SecretForm(formdata=None),
        counts=finding.counts(session(), (found.id,), now()),
        rotating=len(found.secrets_at(now())) > 1,
        **api_facts(found),
    ), 422 if form.errors else 200


@blueprint.post("/shops/<shop_id>/secret")
def rotate_secret(shop_id: str) -> ResponseReturnValue:
    """A new secret; the old one is honoured for a day."""
    found = shop_for(session(), person(), shop_id)
    form = SecretForm()
    if not form.validate():
        raise Invalid({"webhook_secret": [N_("This is too long.")]})
    change_secret(session(), found, now(), form.webhook_secret.data or "")
    note(session(), person().id, "secret.rotated", f"shop:{found.public_id}", now())
    session().commit()
    log.info("rotated a secret shop=%s", found.public_id)
    flash(gettext("The secret is changed. For a day, messages signed with the old one are taken too."), "good")
    return redirect(url_for("setup.shop", shop_id=shop_id))
