"""Reading a period's deliveries again after a mend: how many they are first, then the worker does it, watched here."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import DateTimeLocalField, SelectField
from wtforms.validators import InputRequired, Optional

from campaigns.blueprints.access import replay_run_for, shop_for, shops_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import MOMENT, SpokenForm
from campaigns.blueprints.context import now, session
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import ReplayRun, Shop
from campaigns.planning.audit import note
from campaigns.tracking import replaying

SHOWN = 20
log = logging.getLogger(__name__)


class PeriodForm(SpokenForm):
    """Which deliveries; times are the shop's own. Looked at by GET, so the page writes the token of its POST itself."""

    class Meta(SpokenForm.Meta):
        """Without a token of its own."""

        csrf = False

    shop = SelectField(N_("Shop"), [InputRequired()])
    since = DateTimeLocalField(N_("Received from"), [InputRequired()], format=MOMENT)
    until = DateTimeLocalField(N_("Received until"), [Optional()], format=MOMENT)
    which = SelectField(N_("Which"), [InputRequired()], default="failed")

    def period(self, zone: str, at: datetime) -> tuple[datetime, datetime, bool]:
        """From, until (now, where it is empty or later), and whether the failed ones only."""
        until = self.until.data.replace(tzinfo=ZoneInfo(zone)) if self.until.data else at
        return self.since.data.replace(tzinfo=ZoneInfo(zone)), min(until, at), self.which.data == "failed"


@blueprint.get("/replays")
def replays() -> ResponseReturnValue:
    """The form; filled in, how many deliveries that is; and the last runs."""
    form = _form(request.args if request.args.get("since") else None)
    counted: int | None = None
    if request.args.get("since") and form.validate():
        shop = shop_for(session(), person(), form.shop.data)
        counted = replaying.count(session(), shop, *form.period(shop.timezone, now()))
    return _page(form, counted)


@blueprint.post("/replays")
def start_replay() -> ResponseReturnValue:
    """Ask the worker to do it."""
    form = _form(request.form)
    if not form.validate():
        return _page(form, None), 422
    shop = shop_for(session(), person(), form.shop.data)
    try:
        run = replaying.start(session(), shop, *form.period(shop.timezone, now()), person().id, now())
    except Invalid as refused:
        form.take_errors(refused)
        return _page(form, None), 422
    facts = {"run": run.public_id, "count": run.total_count, "only_failed": run.only_failed}
    note(session(), person().id, "deliveries.replayed", f"shop:{shop.public_id}", now(), **facts)
    session().commit()
    log.info("replay=%s of shop=%s is asked for: %s deliveries", run.public_id, shop.public_id, run.total_count)
    return redirect(url_for("console.replay_run", run_id=run.public_id))


@blueprint.get("/replays/<run_id>")
def replay_run(run_id: str) -> ResponseReturnValue:
    """How far it is; while it runs, the page looks again by itself."""
    run: ReplayRun = replay_run_for(session(), person(), run_id)
    shop = session().get_one(Shop, run.shop_id)
    return render_template("console/replay_run.html", run=run, shop=shop)


@blueprint.post("/replays/<run_id>/cancel")
def cancel_replay(run_id: str) -> ResponseReturnValue:
    """Stop it; what has been read stays read."""
    run = replay_run_for(session(), person(), run_id)
    replaying.cancel(session(), run, now())
    note(session(), person().id, "replay.cancelled", f"replay:{run.public_id}", now(), done=run.done_count)
    session().commit()
    log.info("replay=%s is cancelled after %s", run.public_id, run.done_count)
    flash(gettext("It is stopped. What has been read again stays as it is."), "good")
    return redirect(url_for("console.replay_run", run_id=run_id))


def _form(asked: object) -> PeriodForm:
    day_ago = (now() - timedelta(days=1)).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    form = PeriodForm(asked, since=day_ago, shop=request.args.get("shop", ""))
    shops = session().scalars(shops_for(person()).order_by(Shop.name, Shop.id))
    form.shop.choices = choices((one.public_id, f"{one.brand.name} · {one.name}") for one in shops)
    form.which.choices = choices([("failed", gettext("Those that failed")), ("all", gettext("All of them"))])
    return form


def _page(form: PeriodForm, counted: int | None) -> str:
    mine = shops_for(person()).with_only_columns(Shop.id)
    last = select(ReplayRun, Shop).join(Shop, Shop.id == ReplayRun.shop_id).where(ReplayRun.shop_id.in_(mine))
    runs = session().execute(last.order_by(ReplayRun.id.desc()).limit(SHOWN)).all()
    return render_template("console/replays.html", form=form, counted=counted, most=replaying.MOST, runs=runs)
