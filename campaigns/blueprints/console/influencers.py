"""Influencers: the base campaigns are matched from, and how each is paid."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import DateField, SearchField, SelectField
from wtforms.validators import Optional

from campaigns.blueprints.access import influencer_for, influencers_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.influencer_forms import InfluencerForm, written_influencer
from campaigns.blueprints.console.influencer_history import SOURCES, growth, sold_by_field
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.profile_fields import language_name
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext, ltr
from campaigns.models import Influencer, Participation
from campaigns.people.certificates import valid_on
from campaigns.people.records import create_influencer, find_user
from campaigns.planning import roster
from campaigns.planning.payee_changes import change_influencer
from campaigns.planning.roster_list import Sought, found, languages_spoken
from campaigns.settlement.exchanging.standing import papers_from
from campaigns.settlement.figures import Figures, figures_of_all

PER_PAGE = 50
BAND_WORDS = {
    "": N_("Any number"),
    "small": N_("under 3,000"),
    "3-10": ltr("3,000–10,000"),
    "10-25": ltr("10,000–25,000"),
    "25-50": ltr("25,000–50,000"),
    "large": N_("over 50,000"),
}


class SoughtForm(SpokenForm):
    """Whom to show; sent by GET, and never refused."""

    class Meta(SpokenForm.Meta):
        """It changes nothing, so it needs no token."""

        csrf = False

    q = SearchField(N_("Name, handle or e-mail"))
    niche = SelectField(N_("Field"), validate_choice=False)
    language = SelectField(N_("Language of posts"), validate_choice=False)
    band = SelectField(N_("Followers"), choices=choices(BAND_WORDS.items()), validate_choice=False)
    free_from = DateField(N_("Free from"), [Optional()], render_kw={"class": "ltr"})
    free_to = DateField(N_("to"), [Optional()], render_kw={"class": "ltr"})

    def sought(self) -> Sought:
        """What the fields ask for; a day that can't be read asks for nothing."""
        self.validate()
        plain = {"words": self.q, "niche": self.niche, "language": self.language, "band": self.band}
        chosen = {name: (field.data or "").strip() for name, field in plain.items()}
        return Sought(**chosen, free_from=self.free_from.data, free_to=self.free_to.data)


@blueprint.get("/influencers")
def influencers() -> ResponseReturnValue:
    """Everyone, with the chances they have had; narrowed by name, field, language, followers and free days."""
    form = SoughtForm(request.args)
    known = [(code, language_name(code)) for code in languages_spoken(session())]
    fields = [(one, one) for one in roster.niches(session())]
    form.niche.choices = choices([("", gettext("All fields")), *fields])
    form.language.choices = choices([("", gettext("All languages")), *known])
    sought, page = form.sought(), max(request.args.get("page", 1, int), 1)
    ids = found(session(), influencers_for(person()), sought)
    shown = ids[(page - 1) * PER_PAGE : page * PER_PAGE]
    some = influencers_for(person()).where(Influencer.id.in_(shown)).order_by(Influencer.name, Influencer.id)
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if name in form and value}
    return render_template(
        "console/influencers.html",
        form=form,
        influencers=session().scalars(some).all(),
        count=len(ids),
        histories=roster.histories(session()),
        nothing=roster.History(),
        sought=sought,
        next_url=url_for("console.influencers", **asked, page=page + 1) if len(ids) > page * PER_PAGE else "",
        unusual_followers=roster.unusual_followers,
    )


@blueprint.route("/influencers/new", methods=["GET", "POST"])
def new_influencer() -> ResponseReturnValue:
    """An influencer with a sign-in; they are written to when they are first invited."""
    form = InfluencerForm()
    if form.validate_on_submit():
        try:
            influencer = create_influencer(session(), email=form.email.data, now=now(), **form.record())
            session().commit()
            flash(gettext("The influencer is added."), "good")
            return redirect(url_for("console.influencer", influencer_id=influencer.public_id))
        except Invalid as refused:
            form.take_errors(refused)
    return render_template("console/new_influencer.html", form=form), 422 if form.errors else 200


@blueprint.route("/influencers/<influencer_id>", methods=["GET", "POST"])
def influencer(influencer_id: str) -> ResponseReturnValue:
    """One influencer: their record, and their campaigns with what each sold."""
    found: Influencer = influencer_for(session(), person(), influencer_id)
    form = InfluencerForm(data=written_influencer(found))
    form.email.data = found.email  # they sign in with it: it is not changed here
    if form.validate_on_submit():
        try:
            change_influencer(session(), found, person().id, settings().agency_name, now(), **form.record())
            session().commit()
            flash(gettext("The record is saved."), "good")
            return redirect(url_for("console.influencer", influencer_id=influencer_id))
        except Invalid as refused:
            form.take_errors(refused)
    newest = select(Participation).filter_by(influencer_id=found.id).order_by(Participation.id.desc())
    history = list(session().scalars(newest))
    figures = figures_of_all(session(), [row.campaign_id for row in history])
    return render_template(
        "console/influencer.html",
        influencer=found,
        form=form,
        history=history,
        received=papers_from(session(), found.id),
        figures={row.id: figures.get((row.campaign_id, row.id), Figures()) for row in history},
        unusual=roster.unusual_followers(found),
        grown=growth(session(), found),
        sources=SOURCES,
        sold_by_field=sold_by_field(session(), found),
        valid=valid_on(session(), found, now().date()),
        user=find_user(session(), found.email),
    ), 422 if form.errors else 200
