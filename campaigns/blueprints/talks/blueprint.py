"""Messages and incidents, the same pages for influencer, brand and staff, with what each may read and do.

What is one side's stays there until staff pass it on, so every view reads a talk through the role of whoever asks.
"""

from flask import Blueprint

from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import person
from campaigns.planning.talking.subjects import subject_for
from campaigns.planning.talking.unread import unread, waiting_for_staff

blueprint = Blueprint("talks", __name__, url_prefix="/talks")
blueprint.add_app_template_global(lambda: unread(session(), person()), "unread_messages")
blueprint.add_app_template_global(lambda campaign_id: len(waiting_for_staff(session(), campaign_id)), "talks_waiting")
blueprint.add_app_template_global(subject_for, "talk_subject")
