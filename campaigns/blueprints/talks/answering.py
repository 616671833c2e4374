"""What is done in a talk: opened, answered, passed on or kept, opened to both sides, closed."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaigns.blueprints import access
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.context import session
from campaigns.blueprints.forms import submitted_forms
from campaigns.blueprints.labels import said as in_words
from campaigns.blueprints.signed_in import person
from campaigns.blueprints.talks import deeds, recipients
from campaigns.blueprints.talks.blueprint import blueprint
from campaigns.blueprints.talks.forms import OpenForm, PassForm
from campaigns.blueprints.talks.reading import answer_form, campaign_asked, page, pass_form
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.i18n import gettext
from campaigns.models import Talk, TalkMessage
from campaigns.planning.talking.readers import told


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Write to somebody: about ?campaign=, as staff to ?influencer= or ?brand=, or ?about=else; or first choose."""
    place = _place()
    if place is None:
        found = recipients.campaigns_to_choose(person())
        return render_template("talks/choose.html", campaigns=found, room="talks.new", role=person().role)
    form = OpenForm(data={"subject": request.args.get("subject", "")[:200], "to": request.args.get("to", "")})
    form.to.choices = choices(recipients.choices_for(person(), place))
    if form.validate_on_submit():
        try:
            wanted = recipients.opening(person(), place, form.to.data, form.subject.data, form.message.data)
            talk = deeds.open_talk(person(), wanted)
            session().commit()
            flash(gettext("Your message is sent."), "good")
            return redirect(url_for("talks.one", talk_id=talk.public_id))
        except Invalid as refused:
            session().rollback()
            form.take_errors(refused)
    return render_template("talks/new.html", form=form, place=place, role=person().role), 422 if form.errors else 200


@blueprint.post("/<talk_id>/messages")
def say(talk_id: str) -> ResponseReturnValue:
    """Answer, to whom it is meant for."""
    talk = access.talk_for(session(), person(), talk_id)
    form = answer_form(talk, told(session(), talk, person().role))
    if not form.validate():
        return page(talk, answer=form), 422
    asked = form.to.data if "to" in form else []
    to = [asked] if isinstance(asked, str) else list(asked or [])
    return _done(talk, deeds.say, person(), talk, form.message.data, to, told=gettext("Your message is sent."))


@blueprint.post("/<talk_id>/messages/<message_id>/pass")
def pass_on(talk_id: str, message_id: str) -> ResponseReturnValue:
    """Let the other side read a message, as it is or in other words."""
    talk, message = _message(talk_id, message_id)
    form: PassForm = pass_form(message_id)
    if not form.validate():
        return page(talk, passing={message_id: form}), 422
    facts = (person(), talk, message, form.words.data, form.subject.data)
    return _done(talk, deeds.pass_on, *facts, told=gettext("The message is passed on."))


@blueprint.post("/<talk_id>/messages/<message_id>/keep")
def keep(talk_id: str, message_id: str) -> ResponseReturnValue:
    """Don't pass it on."""
    talk, message = _message(talk_id, message_id)
    return _done(talk, deeds.keep, person(), talk, message, told=gettext("The message stays with the agency."))


@blueprint.post("/<talk_id>/mediation")
def mediate(talk_id: str) -> ResponseReturnValue:
    """Let both sides talk without staff, or read first again."""
    talk = access.talk_for(session(), person(), talk_id)
    free = request.form.get("unmediated") == "yes"
    done = gettext("From now on both sides read each other at once.")
    again = gettext("From now on messages wait for the agency again.")
    return _done(talk, deeds.mediate, person(), talk, free, told=done if free else again)


@blueprint.post("/<talk_id>/close")
def close(talk_id: str) -> ResponseReturnValue:
    """Nothing more is expected here."""
    talk = access.talk_for(session(), person(), talk_id)
    return _done(talk, deeds.close, person(), talk, told=gettext("The talk is closed."))


def _done(talk: Talk, deed: Any, *facts: Any, told: str) -> ResponseReturnValue:
    """Do it, and go back to the talk; what the present state forbids is said there, or beside what was typed."""
    public_id = talk.public_id
    try:
        deed(*facts)
        session().commit()
        flash(told, "good")
    except Conflict as refused:
        session().rollback()
        if submitted_forms():
            raise
        flash(in_words(refused.sentence or str(refused)), "bad")
    return redirect(url_for("talks.one", talk_id=public_id), 303)


def _message(talk_id: str, message_id: str) -> tuple[Talk, TalkMessage]:
    talk = access.talk_for(session(), person(), talk_id)
    message = session().scalar(select(TalkMessage).filter_by(talk_id=talk.id, public_id=message_id))
    if message is None:
        raise NotFound("no such thing, or not yours")
    return talk, message


def _place() -> recipients.Place | None:
    """From where somebody writes; None where they have still to choose a campaign."""
    campaign = campaign_asked()
    if campaign is not None:
        return recipients.Place(campaign)
    if person().role == "agency":
        if public_id := request.args.get("influencer", ""):
            return recipients.Place(influencer=access.influencer_for(session(), person(), public_id))
        if public_id := request.args.get("brand", ""):
            return recipients.Place(brand=access.brand_for(session(), person(), public_id))
        return None
    if request.args.get("about") == "else" or not recipients.campaigns_to_choose(person(), 1):
        return recipients.Place()
    return None
