"""Campaigns: the list, one of them with its figures, and the plan before it is launched."""

from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints import charts
from campaigns.blueprints.access import campaign_for, campaigns_for, shop_for, shops_for
from campaigns.blueprints.console.beginning import first_steps
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import PlanForm, written_plan
from campaigns.blueprints.console.preparation import step_of
from campaigns.blueprints.console.terms_forms import CampaignForm
from campaigns.blueprints.console.terms_shown import only_a_look, shown
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import gettext
from campaigns.models import Campaign, Shop
from campaigns.planning.life import ROSTER, launch_findings
from campaigns.planning.plans import agency_most_bps, change_campaign, create_campaign, participants, unusual
from campaigns.settlement.close import CLOSABLE
from campaigns.settlement.daily import daily
from campaigns.settlement.figures import Figures, figures_of, figures_of_all, total, uncredited

PER_PAGE = 50


@blueprint.get("/campaigns")
def campaigns() -> ResponseReturnValue:
    """Every campaign, the newest first; where there is none, the first steps."""
    page = max(request.args.get("page", 1, int), 1)
    newest = campaigns_for(person()).order_by(Campaign.id.desc()).offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)
    found = list(session().scalars(newest))
    shown = found[:PER_PAGE]
    figures = figures_of_all(session(), [campaign.id for campaign in shown])
    totals = {
        campaign.id: total(row for (campaign_id, _), row in figures.items() if campaign_id == campaign.id)
        for campaign in shown
    }
    return render_template(
        "console/campaigns.html",
        campaigns=shown,
        totals=totals,
        steps=None if shown else first_steps(),
        next_url=url_for("console.campaigns", page=page + 1) if len(found) > PER_PAGE else "",
    )


@blueprint.route("/campaigns/new", methods=["GET", "POST"])
def new_campaign() -> ResponseReturnValue:
    """A draft, from its plan and its first terms; first only looked at, if that is asked for."""
    shops = list(session().scalars(shops_for(person()).order_by(Shop.id)))
    form = CampaignForm(shop=request.args.get("shop", ""))
    form.shop.choices = choices((shop.public_id, f"{shop.brand.name} · {shop.name}") for shop in shops)
    wrong = False
    if form.validate_on_submit():
        shop = shop_for(session(), person(), form.shop.data)
        try:
            plan = form.plan(shop.timezone, form.terms(shop.currency))
            if only_a_look():
                look = shown(plan.terms, plan.coupon_percent_off, shop.currency)
                return render_template("console/new_campaign.html", form=form, shops=shops, look=look)
            campaign = create_campaign(session(), shop.brand, shop, plan, now())
            session().commit()
            flash(gettext("The draft is saved. What comes next stands below."), "good")
            return redirect(url_for("console.campaign", campaign_id=campaign.public_id))
        except Invalid as refused:
            form.take_errors(refused)
            wrong = True
    page = render_template("console/new_campaign.html", form=form, shops=shops, look=None)
    return page, 422 if wrong or form.errors else 200


@blueprint.get("/campaigns/<campaign_id>")
def campaign(campaign_id: str) -> ResponseReturnValue:
    """One campaign: where it stands, what it sold, who takes part."""
    found: Campaign = campaign_for(session(), person(), campaign_id)
    figures = figures_of(session(), found.id)
    today = now().astimezone(ZoneInfo(found.timezone)).date()
    days = daily(session(), found.id, None, found.timezone, today)
    roster = participants(session(), found)
    return render_template(
        "console/campaign.html",
        campaign=found,
        figures=figures,
        totals=total(figures.values()),
        nothing=Figures(),
        roster=roster,
        public_url=settings().public_url,
        accepted=sum(row.status in ("accepted", "active", "completed") for row in roster),
        usual=ROSTER,
        days=days,
        panels=charts.panels(days, found.currency),
        people_charts=charts.of_people(roster, figures, found.currency),
        uncredited=uncredited(session(), found.id),
        notes=unusual(found, settings().agency_share_limit_bps, agency_most_bps(found, roster)),
        findings=launch_findings(session(), found),
        closable=found.status in CLOSABLE,
        step=step_of(found),
    )


@blueprint.route("/campaigns/<campaign_id>/edit", methods=["GET", "POST"])
def edit_campaign(campaign_id: str) -> ResponseReturnValue:
    """Another name, dates, page or brief, until it is launched."""
    campaign = campaign_for(session(), person(), campaign_id)
    form = PlanForm(data=written_plan(campaign))
    if form.validate_on_submit():
        try:
            change_campaign(session(), campaign, form.plan(campaign.timezone, campaign.terms.body))
            session().commit()
            flash(gettext("The plan is saved."), "good")
            return redirect(url_for("console.campaign", campaign_id=campaign_id))
        except Invalid as refused:
            form.take_errors(refused)
    return render_template("console/edit_campaign.html", form=form, campaign=campaign), 422 if form.errors else 200
