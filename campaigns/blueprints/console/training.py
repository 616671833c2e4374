"""Training pages on the console: lessons, and what to answer; for everybody, or for one campaign's people."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import IntegerField, SelectField, StringField, TextAreaField, URLField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from campaigns.blueprints.access import campaign_for, training_page_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import LANGUAGES, N_, current_language, gettext
from campaigns.models import Campaign, TrainingPage
from campaigns.planning.audit import note
from campaigns.planning.launching import training as planning

log = logging.getLogger(__name__)
OVER = ("closed", "archived", "cancelled")
KINDS = {
    "lesson": N_("Lesson"),
    "question": N_("Question of buyers, and its answer"),
    "objection": N_("Objection, and what to say to it"),
}


class TrainingForm(SpokenForm):
    """One page."""

    campaign = SelectField(N_("For"), [Optional()])
    kind = SelectField(N_("Kind"), [InputRequired()])
    language = SelectField(N_("Language"), [InputRequired()], choices=choices(LANGUAGES.items()))
    title = StringField(N_("Title"), [InputRequired(), Length(max=planning.LONGEST_TITLE)])
    text = TextAreaField(N_("Text"), [Optional(), Length(max=planning.LONGEST_TEXT)])
    link = URLField(N_("Video or page elsewhere"), [Optional(), Length(max=2000)])
    position = IntegerField(N_("Place in the order"), [Optional(), NumberRange(0, 9_999)], default=0)

    def offer_choices(self, kept: Campaign | None = None) -> None:
        """The words of the choices; `kept` is offered though its campaign is over."""
        running = select(Campaign).where(Campaign.status.not_in(OVER)).order_by(Campaign.id.desc())
        places = {one.public_id: one.name for one in session().scalars(running)}
        if kept is not None:
            places.setdefault(kept.public_id, kept.name)
        self.campaign.choices = choices([("", gettext("everybody")), *places.items()])
        self.kind.choices = choices((kind, gettext(name)) for kind, name in KINDS.items())

    def written(self) -> planning.Written:
        """As planning takes it."""
        chosen = self.campaign.data
        campaign = campaign_for(session(), person(), chosen) if chosen else None
        return planning.Written(
            kind=self.kind.data,
            language=self.language.data,
            title=self.title.data,
            text=self.text.data or "",
            link=self.link.data or "",
            position=self.position.data or 0,
            campaign_id=campaign.id if campaign else None,
        )


@blueprint.route("/training", methods=["GET", "POST"])
def training() -> ResponseReturnValue:
    """Every page that stands; posted to, one more."""
    form = TrainingForm(campaign=request.args.get("campaign", ""), language=current_language())
    form.offer_choices()
    if form.validate_on_submit():
        try:
            return _keep(None, form)
        except Invalid as refused:
            session().rollback()
            form.take_errors(refused)
    pages = planning.pages_of(session())
    shown = render_template("console/training.html", form=form, pages=pages, kinds=KINDS)
    return shown, 422 if form.errors else 200


@blueprint.route("/training/<page_id>", methods=["GET", "POST"])
def training_page(page_id: str) -> ResponseReturnValue:
    """One page, to be worded anew."""
    page: TrainingPage = training_page_for(session(), person(), page_id)
    place = page.campaign.public_id if page.campaign else ""
    form = _filled(page, place)
    form.offer_choices(page.campaign)
    if form.validate_on_submit():
        try:
            return _keep(page, form)
        except Invalid as refused:
            session().rollback()
            form.take_errors(refused)
    return render_template("console/training_page.html", form=form, page=page), 422 if form.errors else 200


@blueprint.post("/training/<page_id>/withdraw")
def withdraw_training(page_id: str) -> ResponseReturnValue:
    """Nobody reads it any more."""
    page: TrainingPage = training_page_for(session(), person(), page_id)
    planning.withdraw(session(), page, now())
    note(session(), person().id, "training.withdrawn", f"training:{page.public_id}", now(), title=page.title)
    session().commit()
    flash(gettext("It is taken away."), "good")
    return redirect(url_for("console.training"))


def _filled(page: TrainingPage, place: str) -> TrainingForm:
    facts = {name: getattr(page, name) for name in ("kind", "language", "title", "text", "link", "position")}
    return TrainingForm(data={**facts, "campaign": place})


def _keep(page: TrainingPage | None, form: TrainingForm) -> ResponseReturnValue:
    made = planning.write(session(), page, form.written(), person().id, now())
    note(session(), person().id, "training.written", f"training:{made.public_id}", now(), title=made.title)
    session().commit()
    log.info("training written page=%s", made.public_id)
    flash(gettext("The page is saved."), "good")
    return redirect(url_for("console.training"))
