"""An invitation's time: more of it for somebody who thinks about it, or another invitation after a no or nothing."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints.access import participation_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.i18n import gettext
from campaigns.planning import notices
from campaigns.planning import participation as planning
from campaigns.planning.audit import note


@blueprint.post("/participations/<participation_id>/extend")
def extend_invitation(participation_id: str) -> ResponseReturnValue:
    """Let it stand as long as one given now."""
    found = participation_for(session(), person(), participation_id)
    planning.extend(session(), found, now())
    note(session(), person().id, "invitation.extended", f"participation:{found.public_id}", now())
    session().commit()
    flash(gettext("They have more time to decide."), "good")
    return redirect(url_for("console.participation", participation_id=participation_id))


@blueprint.post("/participations/<participation_id>/invite-again")
def invite_again(participation_id: str) -> ResponseReturnValue:
    """Ask once more after a no, or after the time was over; the earlier answer is kept in the audit log."""
    found = participation_for(session(), person(), participation_id)
    before, reason = found.status, found.decline_reason
    planning.invite_again(session(), found, now())
    notices.invited(session(), found, settings().public_url, now())
    subject = f"participation:{found.public_id}"
    note(session(), person().id, "invitation.again", subject, now(), before=before, reason=reason)
    session().commit()
    flash(gettext("Invited: %(name)s.", name=found.influencer.name), "good")
    return redirect(url_for("console.participation", participation_id=participation_id))
