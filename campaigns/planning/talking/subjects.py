"""The subject of a talk as each side reads it.

Who opened a talk chose its subject, and it is theirs until staff pass something on: before that the other side, where
staff write to it in the same talk, reads only what kind of talk it is.
"""

from campaigns.i18n import N_, gettext
from campaigns.models import Talk

TALK_KIND = {
    "question": N_("Question"),
    "feedback": N_("Feedback"),
    "message": N_("Message"),
    "incident": N_("Incident"),
}


def subject_for(talk: Talk, role: str) -> str:
    """The subject for people of a role, in the current language where it is ours."""
    if talk.opened_by_role == "agency" or role in ("agency", talk.opened_by_role):
        return talk.subject
    return talk.told_subject or gettext(TALK_KIND[talk.kind])
