"""Incidents: the list, reporting one, and the steps until it is put right or not accepted."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaigns.blueprints import access
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.context import session
from campaigns.blueprints.forms import submitted_forms
from campaigns.blueprints.labels import said as in_words
from campaigns.blueprints.signed_in import person
from campaigns.blueprints.talks import deeds, recipients, words
from campaigns.blueprints.talks.blueprint import blueprint
from campaigns.blueprints.talks.forms import ReportForm
from campaigns.blueprints.talks.reading import campaign_asked, ending_form, page
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.i18n import N_, gettext
from campaigns.i18n import iso as isolated
from campaigns.models import Brand, Campaign, Incident, Influencer, Order, Participation
from campaigns.models.talking import INCIDENT_STATUSES
from campaigns.planning.talking.incidents import Ending, Report

PER_PAGE = 50


@blueprint.get("/incidents")
def incidents() -> ResponseReturnValue:
    """Everybody's own incidents, the newest first; by status, campaign and, for staff, brand."""
    place, brand, status = campaign_asked(), _brand(), request.args.get("status", "")
    wanted = access.incidents_for(person())
    if place is not None:
        wanted = wanted.where(Incident.campaign_id == place.id)
    if brand is not None:
        wanted = wanted.join(Campaign, Campaign.id == Incident.campaign_id).where(Campaign.brand_id == brand.id)
    if status in INCIDENT_STATUSES:
        wanted = wanted.where(Incident.status == status)
    skip = max(request.args.get("skip", 0, type=int), 0)
    rows = list(session().scalars(wanted.order_by(Incident.id.desc()).offset(skip).limit(PER_PAGE + 1)))
    asked: dict[str, Any] = {
        "campaign": place.public_id if place else None,
        "brand": brand.public_id if brand else None,
    }
    more = url_for("talks.incidents", skip=skip + PER_PAGE, status=status or None, **asked)
    return render_template(
        "talks/incidents.html",
        rows=rows[:PER_PAGE],
        campaign=place,
        brand=brand,
        asked=asked,
        status=status,
        statuses=INCIDENT_STATUSES,
        role=person().role,
        kinds=words.INCIDENT_KIND,
        next_url=more if len(rows) > PER_PAGE else "",
    )


@blueprint.route("/incidents/new", methods=["GET", "POST"])
def report() -> ResponseReturnValue:
    """Report one in ?campaign=, perhaps of ?order=; or first choose the campaign."""
    place = campaign_asked()
    if place is None:
        found = [one for one in recipients.campaigns_to_choose(person()) if _may_report(one)]
        return render_template("talks/choose.html", campaigns=found, room="talks.report", role=person().role)
    if not _may_report(place):
        raise NotFound("no such thing, or not yours")
    form = _report_form(place)
    if form.validate_on_submit():
        try:
            made = deeds.report(person(), _told(place, form))
            session().commit()
            flash(gettext("The incident is reported."), "good")
            return redirect(url_for("talks.one", talk_id=made.talk.public_id))
        except Invalid as refused:
            session().rollback()
            form.take_errors(refused)
    filled = {"form": form, "campaign": place, "role": person().role}
    return render_template("talks/report.html", **filled), 422 if form.errors else 200


@blueprint.post("/incidents/<incident_id>/handle")
def handle(incident_id: str) -> ResponseReturnValue:
    """It is being handled; staff may also begin anew what had ended."""
    incident = access.incident_for(session(), person(), incident_id)
    return _done(incident, deeds.handle, person(), incident)


@blueprint.post("/incidents/<incident_id>/end")
def end(incident_id: str) -> ResponseReturnValue:
    """Say how it ended: put right or not accepted, in words that both sides read."""
    incident = access.incident_for(session(), person(), incident_id)
    form = ending_form(incident)
    if not form.validate():
        return page(incident.talk, ending=form), 422
    how = Ending(
        form.status.data,
        form.outcome.data,
        form.compensation.data or "",
        form.compensated_by.data or "",
        form.answer_url.data or "",
    )
    try:
        return _done(incident, deeds.end, person(), incident, how)
    except Invalid as refused:
        session().rollback()
        form.take_errors(refused)
        return page(incident.talk, ending=form), 422


def _done(incident: Incident, deed: Any, *facts: Any) -> ResponseReturnValue:
    talk_id = incident.talk.public_id
    try:
        deed(*facts)
        session().commit()
        flash(gettext("Saved, and both sides are told."), "good")
    except Conflict as refused:
        session().rollback()
        if submitted_forms():
            raise  # the page that says so holds what was typed
        flash(in_words(refused.sentence or str(refused)), "bad")
    return redirect(url_for("talks.one", talk_id=talk_id), 303)


def _report_form(place: Campaign) -> ReportForm:
    """The form, without what the person can't know: influencers choose among their own orders, others name a number."""
    form = ReportForm(data={"order": request.args.get("order", ""), "number": request.args.get("number", "")})
    form.kind.choices = choices((value, gettext(text)) for value, text in words.INCIDENT_KIND.items())
    none = ("", gettext("Not known, or none"))
    if person().role == "influencer":
        mine = _mine(place)
        form.order.choices = choices([none, *recipients.order_choices(mine)])
        del form.influencer, form.number
        return form
    people = [(one.public_id, isolated(one.influencer.name)) for one in recipients.taking_part(person(), place)]
    form.influencer.choices = choices([none, *people])
    del form.order
    return form


def _may_report(place: Campaign) -> bool:
    """Who never accepted a campaign stays between them and the agency, and has no customers there."""
    return person().role != "influencer" or bool((mine := _mine(place)) and mine.acceptances)


def _mine(place: Campaign) -> Participation | None:
    return session().scalar(access.participations_for(person()).where(Participation.campaign_id == place.id))


def _told(place: Campaign, form: ReportForm) -> Report:
    facts = (place, form.kind.data, form.subject.data, form.message.data, form.product.data or "")
    if person().role == "influencer":
        public_id = form.order.data
        order = access.traced_order_for(session(), person(), public_id) if public_id else None
        return Report(*facts, person().influencer, order)
    return Report(*facts, _chosen(place, form.influencer.data), _numbered(place, form.number.data))


def _chosen(place: Campaign, public_id: str | None) -> Influencer | None:
    found = (one.influencer for one in recipients.taking_part(person(), place) if one.public_id == public_id)
    return next(found, None)


def _numbered(place: Campaign, typed: str | None) -> Order | None:
    """The order of the campaign's shop that has this number; raises Invalid where none has."""
    number = (typed or "").strip()
    if not number:
        return None
    bare = number.removeprefix("#")
    order = session().scalar(
        select(Order)
        .where(Order.shop_id == place.shop_id, Order.number.in_((number, bare, f"#{bare}")))
        .order_by(Order.id.desc())
        .limit(1)
    )
    if order is None:
        raise Invalid({"number": [N_("This shop has no order of that number here.")]})
    return order


def _brand() -> Brand | None:
    public_id = request.args.get("brand", "") if person().role == "agency" else ""
    return access.brand_for(session(), person(), public_id) if public_id else None
