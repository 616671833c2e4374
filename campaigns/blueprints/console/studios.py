"""The house's studios: where they are, which hours they offer, and who comes when."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from wtforms import DateField, EmailField, IntegerField, SelectMultipleField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from campaigns.blueprints.access import studio_for, studio_slot_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.clock import time_zones
from campaigns.errors import Invalid, Said
from campaigns.i18n import N_, gettext, ngettext
from campaigns.models import Participation, Studio, StudioSlot
from campaigns.people.fields import Refused, read_email
from campaigns.planning import studio_letters, studios
from campaigns.planning.audit import note

SHOWN = 200
PAST = timedelta(days=30)
WEEKDAYS = (
    ("6", N_("Sunday")), ("0", N_("Monday")), ("1", N_("Tuesday")), ("2", N_("Wednesday")), ("3", N_("Thursday")),
    ("4", N_("Friday")), ("5", N_("Saturday")),
)  # fmt: skip


class StudioForm(SpokenForm):
    """A place and its photographer."""

    name = StringField(N_("Name"), [InputRequired(), Length(max=200)])
    photographer = StringField(N_("Photographer"), [InputRequired(), Length(max=200)])
    email = EmailField(N_("Photographer's e-mail address"), [Optional(), Length(max=254)])
    address = StringField(N_("Address"), [InputRequired(), Length(max=300)])
    timezone = StringField(N_("Time zone"), [InputRequired(), Length(max=64)], default="Asia/Jerusalem")
    note = TextAreaField(N_("How to get there, what to bring"), [Optional(), Length(max=2000)])


class SlotsForm(SpokenForm):
    """Equal slots on some weekdays."""

    first = DateField(N_("From"), [InputRequired()])
    last = DateField(N_("Until"), [InputRequired()])
    weekdays = SelectMultipleField(
        N_("On"), choices=choices(WEEKDAYS), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    begins = TimeField(N_("Begins"), [InputRequired()])
    ends = TimeField(N_("Ends"), [InputRequired()])
    minutes = IntegerField(N_("Minutes for each"), [InputRequired(), NumberRange(15, 480)], default=60)

    def series(self) -> studios.Series:
        """The series as `studios.offer` takes it."""
        days = tuple(int(day) for day in self.weekdays.data or [])
        plain = (self.begins.data, self.ends.data, self.minutes.data)
        return studios.Series(self.first.data, self.last.data, days, *plain)


@blueprint.route("/studios", methods=["GET", "POST"], endpoint="studios")
def all_studios() -> ResponseReturnValue:
    """Every studio with what is to come; posted to, one more."""
    form = StudioForm()
    if form.validate_on_submit():
        try:
            made = _open(form)
            session().commit()
            flash(gettext("The studio is there. Offer its hours now."), "good")
            return redirect(url_for("console.studio", studio_id=made.public_id))
        except Invalid as refused:
            form.take_errors(refused)
    rows = session().scalars(select(Studio).order_by(Studio.closed_at.is_not(None), Studio.name)).all()
    page = render_template("console/studios.html", form=form, studios=rows, coming=_coming())
    return page, 422 if form.errors else 200


@blueprint.route("/studios/<studio_id>", methods=["GET", "POST"])
def studio(studio_id: str) -> ResponseReturnValue:
    """Its hours and who comes; posted to, more hours."""
    found = studio_for(session(), person(), studio_id)
    form = SlotsForm()
    if form.validate_on_submit():
        try:
            made = studios.offer(session(), found, form.series(), now())
            _note(found, "studio.hours_offered", count=len(made))
            session().commit()
            flash(ngettext("%(n)s slot is offered.", "%(n)s slots are offered.", len(made)), "good")
            return redirect(url_for("console.studio", studio_id=studio_id))
        except Invalid as refused:
            session().rollback()
            form.take_errors(refused)
    page = render_template("console/studio.html", studio=found, form=form, slots=_slots(found), now=now())
    return page, 422 if form.errors else 200


@blueprint.post("/studios/<studio_id>/close")
def close_studio(studio_id: str) -> ResponseReturnValue:
    """Offer nothing there any more, or offer again; what is booked stays."""
    found = studio_for(session(), person(), studio_id)
    found.closed_at = None if found.closed_at else now()
    _note(found, "studio.closed" if found.closed_at else "studio.reopened")
    session().commit()
    flash(gettext("Saved."), "good")
    return redirect(url_for("console.studio", studio_id=studio_id))


@blueprint.post("/studio-slots/<slot_id>/call-off")
def call_off_slot(slot_id: str) -> ResponseReturnValue:
    """Take a slot back; whoever booked it is written to."""
    slot = studio_slot_for(session(), person(), slot_id)
    studios.call_off(session(), slot, request.form.get("reason", ""), now())
    _note(slot.studio, "studio.called_off", slot=slot.public_id, reason=slot.called_off_reason)
    if slot.participation is not None:
        studio_letters.called_off(session(), slot, slot.participation, settings().public_url, now())
    session().commit()
    flash(gettext("The slot is called off."), "good")
    return redirect(url_for("console.studio", studio_id=slot.studio.public_id))


def _open(form: StudioForm) -> Studio:
    fields = ("name", "photographer", "email", "address", "note")
    typed = {name: (form[name].data or "").strip() for name in fields}
    if typed["email"]:
        try:
            typed["email"] = read_email(typed["email"])
        except Refused as refused:
            raise Invalid({"email": [str(refused)]}) from refused
    if form.timezone.data not in time_zones():
        raise Invalid({"timezone": [Said("must be an IANA time zone such as Asia/Jerusalem")]})
    made = Studio(**typed, timezone=form.timezone.data, created_at=now())
    session().add(made)
    session().flush()
    _note(made, "studio.opened")
    return made


def _coming() -> dict[int, tuple[int, int]]:
    """studio -> slots to come, and how many of them are booked."""
    rows = session().execute(
        select(StudioSlot.studio_id, func.count(), func.count(StudioSlot.participation_id))
        .where(StudioSlot.starts_at > now(), StudioSlot.called_off_at.is_(None))
        .group_by(StudioSlot.studio_id)
    )
    return {studio_id: (slots, booked) for studio_id, slots, booked in rows}


def _slots(found: Studio) -> list[StudioSlot]:
    since = now() - PAST
    people = joinedload(StudioSlot.participation)
    wanted = select(StudioSlot).where(StudioSlot.studio_id == found.id, StudioSlot.starts_at > since)
    whole = wanted.options(people.joinedload(Participation.influencer), people.joinedload(Participation.campaign))
    return list(session().scalars(whole.order_by(StudioSlot.starts_at, StudioSlot.id).limit(SHOWN)))


def _note(found: Studio, deed: str, **details: object) -> None:
    note(session(), person().id, deed, f"studio:{found.public_id}", now(), **details)
