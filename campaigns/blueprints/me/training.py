"""Training: lessons for everybody and for one's campaigns, and what to answer to questions and objections."""

from flask import render_template
from flask.typing import ResponseReturnValue

from campaigns.blueprints import access
from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import person
from campaigns.i18n import current_language
from campaigns.models import Participation
from campaigns.planning.launching.training import in_language, pages_of, paragraphs


def training() -> ResponseReturnValue:
    """Every page there is to read, in the visitor's language where there are any in it."""
    mine = access.participations_for(person()).where(Participation.status.in_(access.TAKES_PART))
    campaigns = session().scalars(mine.with_only_columns(Participation.campaign_id))
    pages = in_language(pages_of(session(), campaigns), current_language())
    return render_template("me/training.html", pages=pages, paragraphs=paragraphs)
