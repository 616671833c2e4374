"""Brands: the companies whose shops sell, their sign-ins, and where their links live."""

import logging

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, StringField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints.access import brand_for, brands_for, campaigns_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import Conflict, Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Brand, Campaign, User
from campaigns.people.records import create_brand, find_user
from campaigns.planning.audit import note
from campaigns.planning.hosts import change_link_domain
from campaigns.planning.notices import sign_in_offered
from campaigns.planning.shops import shops_of
from campaigns.planning.talking.conduct import conduct
from campaigns.settlement.wallets.wallets import brand_wallets

log = logging.getLogger(__name__)


class BrandForm(SpokenForm):
    """A company and whom to write to."""

    name = StringField(N_("Name"), [InputRequired(), Length(max=200)])
    email = EmailField(N_("E-mail"), [InputRequired(), Length(max=254)])
    legal_name = StringField(N_("Legal name"), [Length(max=200)])
    registration_number = StringField(N_("Registration number"), [Length(max=40)], render_kw={"class": "ltr"})


class LinkDomainForm(SpokenForm):
    """Where the links of a brand's campaigns live; empty, on this server's own name."""

    link_domain = StringField(N_("Host name"), [Length(max=253)], render_kw={"class": "ltr", "autocomplete": "off"})


@blueprint.get("/brands")
def brands() -> ResponseReturnValue:
    """Every brand."""
    found = session().scalars(brands_for(person()).order_by(Brand.name, Brand.id)).all()
    shops = {brand.id: shops_of(session(), brand) for brand in found}
    return render_template("console/brands.html", brands=found, shops=shops)


@blueprint.route("/brands/new", methods=["GET", "POST"])
def new_brand() -> ResponseReturnValue:
    """A brand, with a sign-in and a letter that brings it."""
    form = BrandForm()
    if form.validate_on_submit():
        facts = (form.name.data, form.email.data, form.legal_name.data or "", form.registration_number.data or "")
        try:
            brand = create_brand(session(), *facts, now())
            _write_to(find_user(session(), brand.email), brand.name)
            session().commit()
            flash(gettext("The brand is added, and was sent its sign-in. Now add its shop."), "good")
            return redirect(url_for("console.brand", brand_id=brand.public_id))
        except Invalid as refused:
            form.take_errors(refused)
    return render_template("console/new_brand.html", form=form), 422 if form.errors else 200


@blueprint.get("/brands/<brand_id>")
def brand(brand_id: str) -> ResponseReturnValue:
    """One brand with its shops and campaigns."""
    found: Brand = brand_for(session(), person(), brand_id)
    return _page(found, LinkDomainForm(obj=found))


@blueprint.post("/brands/<brand_id>/link-domain")
def set_link_domain(brand_id: str) -> ResponseReturnValue:
    """A host of the brand's own for its links, another one, or none."""
    found: Brand = brand_for(session(), person(), brand_id)
    form = LinkDomainForm()
    if form.validate():
        try:
            before = change_link_domain(session(), found, form.link_domain.data or "", settings().hosts)
            facts = {"before": before, "after": found.link_domain}
            note(session(), person().id, "brand.link_domain_changed", f"brand:{found.public_id}", now(), **facts)
            session().commit()
            log.info("changed the link domain brand=%s", found.public_id)
            flash(gettext("Saved. It takes effect within seconds."), "good")
            return redirect(url_for("console.brand", brand_id=brand_id))
        except Invalid as refused:
            form.take_errors(refused)
    return _page(found, form), 422


def _page(found: Brand, form: LinkDomainForm) -> str:
    newest = campaigns_for(person()).where(Campaign.brand_id == found.id).order_by(Campaign.id.desc())
    return render_template(
        "console/brand.html",
        brand=found,
        shops=shops_of(session(), found),
        campaigns=session().scalars(newest).all(),
        user=find_user(session(), found.email),
        link_form=form,
        own_host=settings().hosts[0],
        wallets=brand_wallets(session(), found.id),
        conduct=conduct(session(), found.id),
    )


@blueprint.post("/brands/<brand_id>/sign-in")
def offer_brand_sign_in(brand_id: str) -> ResponseReturnValue:
    """Send the sign-in once more to a brand that has not used it."""
    found = brand_for(session(), person(), brand_id)
    _write_to(find_user(session(), found.email), found.name)
    session().commit()
    flash(gettext("The sign-in was sent again."), "good")
    return redirect(url_for("console.brand", brand_id=brand_id))


def _write_to(user: User | None, name: str) -> None:
    if user is None or user.password_hash is not None:
        raise Conflict(N_("This sign-in has its password already."))
    sign_in_offered(session(), user, name, settings().agency_name, settings().public_url, now())
