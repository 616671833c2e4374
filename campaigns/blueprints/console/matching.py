"""Matching: everybody ranked for a campaign with reasons, a proposal of some of them, and the waiting list."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import IntegerField
from wtforms.validators import InputRequired

from campaigns.blueprints.access import campaign_for, candidate_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.matching_words import points, reason_name
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Campaign, Candidate, Participation
from campaigns.planning import roster
from campaigns.planning.matching import frozen, proposals, reserves
from campaigns.planning.matching.proposals import By, Wish
from campaigns.planning.matching.ranking import EVEN
from campaigns.planning.participation import MAY_BE_INVITED_AGAIN, OPEN_FOR_INVITATIONS

log = logging.getLogger(__name__)

SHOWN_AT_FIRST = 30


class ProposeForm(SpokenForm):
    """How many, how many more in reserve, and how much fairness weighs."""

    count = IntegerField(N_("How many to propose"), [InputRequired()], default=12)
    reserves = IntegerField(N_("How many in reserve"), [InputRequired()], default=5)
    weight = IntegerField(N_("Fairness, %"), [InputRequired()], default=EVEN)


@blueprint.route("/campaigns/<campaign_id>/matching", methods=["GET", "POST"])
def matching(campaign_id: str) -> ResponseReturnValue:
    """The ranking at a weight, and writing a proposal down."""
    campaign = campaign_for(session(), person(), campaign_id)
    form = ProposeForm(weight=_weight(campaign))
    picked = request.form.getlist("picked")
    if form.validate_on_submit():
        wish = Wish(form.count.data, form.reserves.data, form.weight.data, frozenset(picked))
        try:
            made = proposals.propose(session(), campaign, wish, _by())
            session().commit()
            log.info("proposed campaign=%s people=%s weight=%s", campaign.public_id, len(made), wish.weight_percent)
            flash(gettext("The proposal is saved, with everybody's reasons. Nobody has been told yet."), "good")
            return redirect(_here(campaign))
        except Invalid as refused:
            session().rollback()
            form.take_errors(refused)
    return _page(campaign, form, picked), 422 if form.errors else 200


@blueprint.post("/campaigns/<campaign_id>/matching/invite")
def invite_proposed(campaign_id: str) -> ResponseReturnValue:
    """Invite everybody who has a place on the proposal; who could not be is named."""
    campaign = campaign_for(session(), person(), campaign_id)
    sent = proposals.invite_all(session(), campaign, _by())
    session().commit()
    log.info("invited campaign=%s people=%s failed=%s", campaign.public_id, len(sent.invited), len(sent.failures))
    if sent.invited:
        flash(gettext("Invited: %(count)s. The letters are on their way.", count=len(sent.invited)), "good")
    for name, why in sent.failures:
        flash(gettext("%(name)s could not be invited: %(why)s", name=name, why=said(why)), "bad")
    if not (sent.invited or sent.failures):
        flash(gettext("Nobody is proposed at the moment."), "info")
    return redirect(_here(campaign))


@blueprint.post("/campaigns/<campaign_id>/matching/next")
def invite_next(campaign_id: str) -> ResponseReturnValue:
    """Invite the first of the waiting list."""
    campaign = campaign_for(session(), person(), campaign_id)
    invited = reserves.invite_next(session(), campaign, settings().public_url, now(), person().id)
    session().commit()
    flash(gettext("Invited: %(name)s.", name=invited.influencer.name), "good")
    return redirect(_here(campaign))


@blueprint.post("/candidates/<candidate_id>/drop")
def drop_candidate(candidate_id: str) -> ResponseReturnValue:
    """Take somebody off the proposal."""
    candidate = candidate_for(session(), person(), candidate_id)
    proposals.drop(session(), candidate, _by())
    session().commit()
    flash(gettext("Taken off the proposal. Nobody was told."), "good")
    return redirect(_here(candidate.campaign))


@blueprint.post("/candidates/<candidate_id>/replace")
def replace_candidate(candidate_id: str) -> ResponseReturnValue:
    """Give somebody's place to the first in reserve."""
    candidate = candidate_for(session(), person(), candidate_id)
    instead = proposals.replace(session(), candidate, _by())
    session().commit()
    flash(gettext("%(name)s has the place now.", name=instead.influencer.name), "good")
    return redirect(_here(candidate.campaign))


def _page(campaign: Campaign, form: ProposeForm, picked: list[str]) -> str:
    weight = form.weight.data if form.weight.data in range(101) else EVEN
    ranked = proposals.ranked(session(), campaign, weight, now())
    shown = ranked if "all" in request.args else ranked[:SHOWN_AT_FIRST]
    standing = reserves.standing(session(), campaign)
    return render_template(
        "console/matching.html",
        campaign=campaign,
        form=form,
        weight=weight,
        ranked=shown,
        more=url_for("console.matching", campaign_id=campaign.public_id, weight=weight, all="")
        if len(shown) < len(ranked)
        else "",
        picked=picked,
        places=[one for one in standing if not one.reserve],
        waiting=[one for one in standing if one.reserve],
        freed=_freed(campaign),
        open=campaign.status in OPEN_FOR_INVITATIONS,
        frozen=frozen,
        points=points,
        reason_name=reason_name,
        unusual_followers=roster.unusual_followers,
    )


def _freed(campaign: Campaign) -> list[Participation]:
    """Who declined or let the time pass."""
    theirs = select(Participation).filter_by(campaign_id=campaign.id).order_by(Participation.decided_at.desc())
    return list(session().scalars(theirs.where(Participation.status.in_(MAY_BE_INVITED_AGAIN))))


def _weight(campaign: Campaign) -> int:
    """The slider's: as asked for, else of the newest proposal, else even."""
    asked = request.args.get("weight", None, int)
    if asked is not None:
        return min(max(asked, 0), 100)
    newest = select(Candidate.weight_percent).filter_by(campaign_id=campaign.id).order_by(Candidate.id.desc())
    last = session().scalar(newest.limit(1))
    return EVEN if last is None else last


def _by() -> By:
    return By(person().id, settings().public_url, now())


def _here(campaign: Campaign) -> str:
    return url_for("console.matching", campaign_id=campaign.public_id)
