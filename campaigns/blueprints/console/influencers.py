"""Influencers: the base campaigns are matched from, and how each is paid."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaigns.blueprints.access import influencer_for, influencers_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.influencer_forms import InfluencerForm, written_influencer
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import gettext
from campaigns.models import Influencer, Participation
from campaigns.people.certificates import valid_on
from campaigns.people.records import create_influencer, find_user
from campaigns.planning import roster
from campaigns.planning.payee_changes import change_influencer
from campaigns.settlement.exchanging.standing import papers_from
from campaigns.settlement.figures import Figures, figures_of_all


@blueprint.get("/influencers")
def influencers() -> ResponseReturnValue:
    """Everyone, with what they have done so far; by field and by name."""
    niche, words = request.args.get("niche", ""), request.args.get("q", "").strip()
    wanted = influencers_for(person()).order_by(Influencer.name, Influencer.id)
    if words:
        wanted = wanted.where(Influencer.name.icontains(words, autoescape=True))
    found = [row for row in session().scalars(wanted) if not niche or niche in row.niches]
    return render_template(
        "console/influencers.html",
        influencers=found,
        histories=roster.histories(session()),
        nothing=roster.History(),
        niches=roster.niches(session()),
        niche=niche,
        q=words,
        unusual_followers=roster.unusual_followers,
    )


@blueprint.route("/influencers/new", methods=["GET", "POST"])
def new_influencer() -> ResponseReturnValue:
    """An influencer with a sign-in; they are written to when they are first invited."""
    form = InfluencerForm()
    if form.validate_on_submit():
        try:
            influencer = create_influencer(session(), email=form.email.data, now=now(), **form.record())
            session().commit()
            flash(gettext("The influencer is added."), "good")
            return redirect(url_for("console.influencer", influencer_id=influencer.public_id))
        except Invalid as refused:
            form.take_errors(refused)
    return render_template("console/new_influencer.html", form=form), 422 if form.errors else 200


@blueprint.route("/influencers/<influencer_id>", methods=["GET", "POST"])
def influencer(influencer_id: str) -> ResponseReturnValue:
    """One influencer: their record, and their campaigns with what each sold."""
    found: Influencer = influencer_for(session(), person(), influencer_id)
    form = InfluencerForm(data=written_influencer(found))
    form.email.data = found.email  # they sign in with it: it is not changed here
    if form.validate_on_submit():
        try:
            change_influencer(session(), found, person().id, settings().agency_name, now(), **form.record())
            session().commit()
            flash(gettext("The record is saved."), "good")
            return redirect(url_for("console.influencer", influencer_id=influencer_id))
        except Invalid as refused:
            form.take_errors(refused)
    newest = select(Participation).filter_by(influencer_id=found.id).order_by(Participation.id.desc())
    history = list(session().scalars(newest))
    figures = figures_of_all(session(), [row.campaign_id for row in history])
    return render_template(
        "console/influencer.html",
        influencer=found,
        form=form,
        history=history,
        received=papers_from(session(), found.id),
        figures={row.id: figures.get((row.campaign_id, row.id), Figures()) for row in history},
        unusual=roster.unusual_followers(found),
        valid=valid_on(session(), found, now().date()),
        user=find_user(session(), found.email),
    ), 422 if form.errors else 200
