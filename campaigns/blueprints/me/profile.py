"""What an influencer says of themselves for matching: what they do, whom they reach, where they post, days away."""

import logging
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints import access
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.profile_fields import ProfileFields, written_profile
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.planning.payee_changes import change_influencer

logger = logging.getLogger(__name__)


class ProfileForm(ProfileFields, SpokenForm):
    """The same fields as the agency's form has, asked of the person themselves."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.offer_spoken()
        self.niches.label.text = N_("Your fields")
        self.content_languages.label.text = N_("Languages of your posts")
        self.leaderboard.label.text = N_("Show me on the leaderboard")


def profile() -> ResponseReturnValue:
    """Show what is on record, and take what is changed."""
    user = person()
    me = access.influencer_for(session(), user, user.influencer.public_id if user.influencer else "")
    form = ProfileForm(data=written_profile(me))
    if form.validate_on_submit():
        try:
            change_influencer(session(), me, user.id, settings().agency_name, now(), "own", **form.profile())
            session().commit()
            logger.info("profile changed influencer=%s", me.public_id)
            flash(gettext("Your profile is saved."), "good")
            return redirect(url_for("me.profile"))
        except Invalid as refused:
            form.take_errors(refused)
    return render_template("me/profile.html", form=form), 422 if form.errors else 200
