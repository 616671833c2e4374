"""The list of talks, and one of them with everything its reader may read and do there."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaigns.blueprints import access
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import person
from campaigns.blueprints.talks import words
from campaigns.blueprints.talks.blueprint import blueprint
from campaigns.blueprints.talks.forms import AnswerForm, EndForm, PassForm, StaffAnswerForm
from campaigns.db import begin_reading, begin_writing
from campaigns.i18n import gettext
from campaigns.i18n import iso as isolated
from campaigns.ids import masked
from campaigns.models import Campaign, Incident, Talk
from campaigns.models.talking import TALK_STATUSES
from campaigns.planning.talking.lists import PAGE, page_of_talks
from campaigns.planning.talking.readers import OTHER_SIDE, Told, told
from campaigns.planning.talking.subjects import TALK_KIND
from campaigns.planning.talking.unread import has_news, mark_seen


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Everybody's own talks; of one campaign, or of one status, if that is asked for."""
    place, status = campaign_asked(), request.args.get("status", "")
    wanted = access.talks_for(person())
    if place is not None:
        wanted = wanted.where(Talk.campaign_id == place.id)
    if status in TALK_STATUSES:
        wanted = wanted.where(Talk.status == status)
    skip = max(request.args.get("skip", 0, type=int), 0)
    rows, more = page_of_talks(session(), person(), wanted, skip)
    asked: dict[str, Any] = {"campaign": place.public_id if place else None, "status": status or None}
    return render_template(
        "talks/list.html",
        rows=rows,
        campaign=place,
        status=status,
        role=person().role,
        parties=words.parties,
        kinds=TALK_KIND,
        next_url=url_for("talks.index", skip=skip + PAGE, **asked) if more else "",
    )


@blueprint.get("/<talk_id>")
def one(talk_id: str) -> ResponseReturnValue:
    """A talk; what was new in it is seen from now on."""
    talk = access.talk_for(session(), person(), talk_id)
    if has_news(session(), talk, person()):
        _mark(talk_id)
        talk = access.talk_for(session(), person(), talk_id)
    return page(talk)


def _mark(talk_id: str) -> None:
    """Note it in a transaction of its own: the page itself only reads."""
    session().rollback()
    begin_writing()
    mark_seen(session(), access.talk_for(session(), person(), talk_id), person())
    session().commit()
    begin_reading()


def page(talk: Talk, **forms: Any) -> str:
    """The page of a talk, with a form as it was typed where one was refused: answer, ending, passing by message."""
    user = person()
    said = told(session(), talk, user.role)
    incident = session().scalar(select(Incident).where(Incident.talk_id == talk.id))
    staff = user.role == "agency"
    typed = forms.get("passing", {})
    return render_template(
        "talks/one.html",
        talk=talk,
        said=said,
        role=user.role,
        zone=talk.campaign.timezone if talk.campaign else "UTC",
        speaker=lambda each: words.speaker(talk, each, user.role),
        parties=words.parties(talk),
        answer=forms.get("answer") or answer_form(talk, said, formdata=None),
        passing={one.message.public_id: _passing(talk, one, typed) for one in said if _waits(one)} if staff else {},
        incident=incident,
        incident_kinds=words.INCIDENT_KIND,
        given_by=words.GIVEN_BY,
        ending=(forms.get("ending") or ending_form(incident, formdata=None)) if staff and incident else None,
        masked=masked,
    )


def answer_form(talk: Talk, said: list[Told], **named: Any) -> AnswerForm | StaffAnswerForm:
    """What somebody may say here, and to whom."""
    sides = _sides(talk)
    if person().role == "agency":
        form = StaffAnswerForm(**named)
        form.to.choices = choices((role, isolated(name)) for role, name in sides.items())
        if not form.is_submitted() or "formdata" in named:
            spoke = [one.message.role for one in said if one.message.role in sides]
            form.to.data = spoke[-1:] or list(sides)
        return form
    answer = AnswerForm(**named)
    other = OTHER_SIDE[person().role]
    if other not in sides:
        del answer.to
        return answer
    name = isolated(sides[other])
    through = gettext("%(name)s, through the agency", name=name)
    answer.to.choices = choices([(other, name if talk.unmediated else through), ("agency", gettext("Only the agency"))])
    answer.to.data = answer.to.data or other
    return answer


def ending_form(incident: Incident, **named: Any) -> EndForm:
    """How an incident may end."""
    form = EndForm(**named)
    form.status.choices = choices([("put_right", gettext("Put right")), ("not_accepted", gettext("Not accepted"))])
    givers = [(value, gettext(text)) for value, text in words.GIVEN_BY.items()]
    form.compensated_by.choices = choices([("", gettext("Nothing was given")), *givers])
    return form


def pass_form(message_id: str, **named: Any) -> PassForm:
    """The form of one message among several that wait."""
    return PassForm(prefix=message_id, **named)


def campaign_asked() -> Campaign | None:
    """The campaign of the address, if it names one of theirs; raises NotFound for another's."""
    public_id = request.args.get("campaign", "")
    return access.campaign_for(session(), person(), public_id) if public_id else None


def _passing(talk: Talk, waiting: Told, typed: dict[str, PassForm]) -> PassForm:
    message = waiting.message
    subject = talk.told_subject or talk.subject
    usual = {"words": message.body, "subject": subject}
    return typed.get(message.public_id) or pass_form(message.public_id, formdata=None, data=usual)


def _waits(one: Told) -> bool:
    return one.passing == "waiting"


def _sides(talk: Talk) -> dict[str, str]:
    """Who is in a talk beside the agency: role -> name."""
    sides = {}
    if talk.has_influencers:
        sides["influencer"] = talk.influencer.name if talk.influencer else gettext("All influencers")
    if talk.brand is not None:
        sides["brand"] = talk.brand.name
    return sides
