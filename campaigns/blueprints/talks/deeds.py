"""What is done in talks: the step, the audit log, the letters; each in one transaction, which the view commits."""

import logging

from campaigns.blueprints.context import now, session, settings
from campaigns.models import Incident, Talk, TalkMessage, User
from campaigns.planning.audit import note
from campaigns.planning.talking import incidents, letters, talks

log = logging.getLogger(__name__)


def open_talk(user: User, opening: talks.Opening) -> Talk:
    """Begin a talk, and tell whoever reads it."""
    talk, message = talks.open_talk(session(), user, opening, now())
    _noted(user, "talk.opened", talk, kind=talk.kind)
    _tell(talk, message)
    return talk


def say(user: User, talk: Talk, words: str, to: list[str]) -> None:
    """Say something, and tell whoever reads it."""
    message = talks.say(session(), talk, user, words, to, now())
    _noted(user, "talk.answered", talk, message=message.public_id)
    _tell(talk, message)


def pass_on(user: User, talk: Talk, message: TalkMessage, words: str, subject: str) -> None:
    """Pass a message on, and tell its other side."""
    passed = talks.pass_on(session(), talk, message, user, words, subject, now())
    _noted(user, "talk.passed_on", talk, message=message.public_id, reworded=passed.body != message.body)
    _tell(talk, passed)


def keep(user: User, talk: Talk, message: TalkMessage) -> None:
    """Don't pass a message on."""
    talks.keep(session(), talk, message, user, now())
    _noted(user, "talk.kept", talk, message=message.public_id)


def mediate(user: User, talk: Talk, unmediated: bool) -> None:
    """Let messages of a talk through from now on, or read them first again."""
    talks.mediate(session(), talk, unmediated)
    _noted(user, "talk.mediation_changed", talk, unmediated=unmediated)


def close(user: User, talk: Talk) -> None:
    """Nothing more is expected in a talk."""
    talks.close(session(), talk)
    _noted(user, "talk.closed", talk)


def report(user: User, told: incidents.Report) -> Incident:
    """Report an incident, and tell whoever reads of it."""
    made, message = incidents.report(session(), user, told, now())
    _noted(user, "incident.reported", made, kind=made.kind)
    _tell(made.talk, message)
    return made


def handle(user: User, incident: Incident) -> None:
    """Say that an incident is being handled, and tell both sides."""
    incidents.handle(session(), incident, user, now())
    _noted(user, "incident.handled", incident)
    letters.incident_moved(session(), incident, user, settings().public_url, now())


def end(user: User, incident: Incident, how: incidents.Ending) -> None:
    """Say how an incident ended, and tell both sides."""
    incidents.end(session(), incident, user, how, now())
    facts = {"outcome": incident.outcome, "compensated_by": incident.compensated_by}
    _noted(user, "incident.ended", incident, status=incident.status, **facts)
    letters.incident_moved(session(), incident, user, settings().public_url, now())


def _tell(talk: Talk, message: TalkMessage) -> None:
    letters.said(session(), talk, message, settings().public_url, now())


def _noted(user: User, action: str, about: Talk | Incident, **facts: object) -> None:
    kind = "talk" if isinstance(about, Talk) else "incident"
    note(session(), user.id, action, f"{kind}:{about.public_id}", now(), **facts)
    log.info("%s %s=%s", action, kind, about.public_id)
