"""An invitation: every term before the choice, in words and in money, then yes or no.

Yes names the version of the terms that was on the page; where newer ones are in force by then, nothing is accepted
and the newer ones are shown.
"""

import logging
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import Length

from campaigns.blueprints import access
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.forms import Form
from campaigns.blueprints.signed_in import person
from campaigns.commissions.example import example
from campaigns.commissions.terms_in_words import basic_rate_bps
from campaigns.i18n import N_, current_language, gettext
from campaigns.models import Participation
from campaigns.planning import joining
from campaigns.planning import participation as planning
from campaigns.planning.comparable import expected
from campaigns.settlement.figures import Figures, figures_of_all, total

logger = logging.getLogger(__name__)


class DeclineForm(Form):
    """A reason helps the next invitation; none is needed."""

    reason = TextAreaField(N_("Why not, if you like to say"), [Length(max=1000)])


def invitation(participation_id: str) -> ResponseReturnValue:
    """The terms, and the choice while there is one. Opening it marks it as seen."""
    mine = access.participation_for(session(), person(), participation_id)
    if mine.status not in planning.UNDECIDED and not may_accept(mine) and mine.acceptances:
        return redirect(url_for("me.campaign", participation_id=mine.public_id))
    planning.mark_viewed(session(), mine, now())
    page = _page(mine, DeclineForm())
    session().commit()
    return page


def accept(participation_id: str) -> ResponseReturnValue:
    """Say yes to the terms that were shown."""
    mine = access.participation_for(session(), person(), participation_id)
    if mine.status in planning.UNDECIDED and not is_open(mine, now()):
        return _page(mine, DeclineForm()), 409
    shown = request.form.get("terms_version", "")
    if shown != str(mine.campaign.terms.version):
        return _page(mine, DeclineForm(), changed=True), 409
    joining.join(session(), mine, int(shown), current_language(), settings().public_url, now(), person().id)
    session().commit()
    logger.info("accepted participation=%s terms=%s", mine.public_id, shown)
    flash(gettext("You are in. The terms you accepted are kept here for you, word for word."), "good")
    return redirect(url_for("me.campaign", participation_id=mine.public_id))


def decline(participation_id: str) -> ResponseReturnValue:
    """Say no, which costs nothing."""
    mine = access.participation_for(session(), person(), participation_id)
    form = DeclineForm()
    if not form.validate_on_submit():
        return _page(mine, form), 422
    joining.refuse(session(), mine, form.reason.data or "", settings().public_url, now(), person().id)
    session().commit()
    logger.info("declined participation=%s", mine.public_id)
    flash(gettext("You said no to this campaign. It changes nothing for the next ones."), "good")
    return redirect(url_for("me.home"))


def is_open(participation: Participation, at: datetime) -> bool:
    """Whether an invitation still waits for its answer."""
    undecided = participation.status in planning.UNDECIDED
    return (
        undecided
        and not planning.over(participation, at)
        and participation.campaign.status in planning.OPEN_FOR_INVITATIONS
    )


def may_accept(participation: Participation) -> bool:
    """Whether terms are on offer that this influencer can accept and has not."""
    campaign = participation.campaign
    if campaign.status not in planning.OPEN_FOR_INVITATIONS:
        return False
    if participation.status in planning.UNDECIDED:
        return is_open(participation, now())
    accepted = participation.acceptances[-1].terms_version if participation.acceptances else 0
    return participation.status in planning.TAKING_PART and accepted < campaign.terms.version


def _page(mine: Participation, form: DeclineForm, changed: bool = False) -> str:
    campaign = mine.campaign
    terms = planning.offered_terms(mine)
    return render_template(
        "me/invitation.html",
        participation=mine,
        campaign=campaign,
        terms=terms,
        version=campaign.terms.version,
        rate_bps=basic_rate_bps(terms),
        example=example(terms, campaign.coupon_percent_off, campaign.currency),
        own=_own_history(mine),
        expected=expected(session(), mine),
        open=may_accept(mine),
        undecided=mine.status in planning.UNDECIDED,
        changed=changed,
        form=form,
    )


def _own_history(mine: Participation) -> Figures:
    """What this influencer sold so far, in campaigns of the same currency: the best estimate of what is to come."""
    others = [
        one
        for one in session().scalars(access.participations_for(person()))
        if one.campaign.currency == mine.campaign.currency
    ]
    found = figures_of_all(session(), [one.campaign_id for one in others])
    return total(found[key] for one in others if (key := (one.campaign_id, one.id)) in found)
