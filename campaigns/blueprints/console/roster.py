"""The roster: inviting several at once, and one participant with their consent, codes and leaving."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import Form

from campaigns.blueprints.access import campaign_for, influencer_for, participation_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import PercentField
from campaigns.blueprints.console.plan_forms import ReasonForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import Conflict, Invalid, Said
from campaigns.i18n import N_, gettext
from campaigns.models import Participation
from campaigns.planning import codes, notices, roster
from campaigns.planning import participation as planning
from campaigns.planning.audit import note
from campaigns.settlement.figures import Figures, figures_of

log = logging.getLogger(__name__)


class RateForm(Form):
    """One person's own share, where it differs."""

    rate = PercentField()


@blueprint.route("/campaigns/<campaign_id>/invite", methods=["GET", "POST"])
def invite(campaign_id: str) -> ResponseReturnValue:
    """Pick whom to invite: all influencers not in the campaign, those invited least first."""
    campaign = campaign_for(session(), person(), campaign_id)
    picked = request.form.getlist("influencer")
    wrong: dict[str, list[str]] = {}
    if request.method == "POST" and picked:
        try:
            for public_id in picked:
                influencer = influencer_for(session(), person(), public_id)
                invited = planning.invite(session(), campaign, influencer, now(), _overrides(public_id))
                notices.invited(session(), invited, settings().public_url, now())
            session().commit()
            log.info("invited campaign=%s people=%s", campaign.public_id, len(picked))
            flash(gettext("Invited: %(count)s. The letters are on their way.", count=len(picked)), "good")
            return redirect(url_for("console.campaign", campaign_id=campaign_id))
        except Invalid as refused:
            session().rollback()
            wrong = refused.errors
    niche = request.args.get("niche", "")
    page = render_template(
        "console/invite.html",
        campaign=campaign,
        candidates=roster.candidates(session(), campaign, niche),
        niches=roster.niches(session()),
        niche=niche,
        unusual_followers=roster.unusual_followers,
        usual=roster.USUAL_FOLLOWERS,
        nobody=request.method == "POST" and not picked,
        wrong=wrong,
        typed=request.form,
        picked=picked,
    )
    return page, 422 if request.method == "POST" else 200


def _overrides(public_id: str) -> dict[str, int]:
    """The share asked for one person; raises Invalid, at their field, for one that can't be read."""
    field = f"rate-{public_id}"
    form = RateForm(MultiDict({"rate": request.form.get(field, "")}))
    if not form.validate():
        raise Invalid({field: list(form.rate.errors)})
    return {} if form.rate.data is None else {"influencer_rate_bps": form.rate.data}


@blueprint.get("/participations/<participation_id>")
def participation(participation_id: str) -> ResponseReturnValue:
    """One participant: consent, codes, sales."""
    found: Participation = participation_for(session(), person(), participation_id)
    form = ReasonForm()
    form.reason.flags.required = True
    return render_template(
        "console/participation.html",
        participation=found,
        campaign=found.campaign,
        offered=planning.offered_terms(found),
        figures=figures_of(session(), found.campaign_id).get(found.id, Figures()),
        link=found.link_address(settings().public_url),
        undecided=found.status in planning.UNDECIDED,
        leaving=found.status in (*planning.UNDECIDED, *planning.TAKING_PART),
        form=form,
    )


@blueprint.post("/participations/<participation_id>/replace-code")
def replace_code(participation_id: str) -> ResponseReturnValue:
    """End a leaked code now, and send another."""
    found = participation_for(session(), person(), participation_id)
    old = found.code.code if found.code else ""
    new = codes.replace_code(session(), found, now())
    notices.code_given(session(), found, settings().public_url, now())
    note(session(), person().id, "code.replaced", _subject(found), now(), old=old, new=new.code)
    session().commit()
    log.info("replaced a code participation=%s", found.public_id)
    flash(gettext("The old code stopped counting, and the new one was sent."), "good")
    return redirect(url_for("console.participation", participation_id=participation_id))


@blueprint.post("/participations/<participation_id>/remove")
def remove(participation_id: str) -> ResponseReturnValue:
    """Take somebody out, with a reason; what they earned stays theirs."""
    found = participation_for(session(), person(), participation_id)
    form = ReasonForm()
    if not (form.reason.data or "").strip():
        raise Invalid({"reason": [N_("Say why: the reason is kept.")]})
    planning.leave(session(), found, "removed", form.reason.data, now())
    note(session(), person().id, "participation.removed", _subject(found), now(), reason=form.reason.data)
    session().commit()
    log.info("removed participation=%s", found.public_id)
    flash(gettext("Removed. Their code and link stopped; what they earned stays theirs."), "good")
    return redirect(url_for("console.participation", participation_id=participation_id))


@blueprint.post("/participations/<participation_id>/resend")
def resend_invitation(participation_id: str) -> ResponseReturnValue:
    """Write once more to somebody who has not decided."""
    found = participation_for(session(), person(), participation_id)
    if found.status not in planning.UNDECIDED:
        raise Conflict(Said("this invitation is %(status)s", status=found.status))
    notices.invited(session(), found, settings().public_url, now())
    session().commit()
    flash(gettext("The invitation was sent again."), "good")
    return redirect(url_for("console.participation", participation_id=participation_id))


def _subject(participation: Participation) -> str:
    return f"participation:{participation.public_id}"
