"""The correction run: payslips that today's tables would have otherwise, and issuing what corrects them."""

import json
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from campaigns.blueprints import correction_deeds
from campaigns.blueprints.access import payslip_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.deductions.schemes import scheme
from campaigns.errors import Conflict, Unreadable
from campaigns.i18n import gettext, ngettext
from campaigns.models import Influencer, Payslip
from campaigns.settlement.correcting.corrections import affected
from campaigns.settlement.correcting.recomputing import Recomputed

CORRECTED = 50


@blueprint.get("/corrections")
def corrections() -> ResponseReturnValue:
    """What would be corrected in a tax year, line by line, and what was."""
    years = _years()
    asked = request.args.get("year", "")
    year = next((one for one in years if str(one) == asked), years[0])
    found = affected(session(), year)
    differing = [one for one in found if one.differs]
    done = select(Payslip).where(Payslip.corrects_id.is_not(None)).order_by(Payslip.id.desc()).limit(CORRECTED)
    return render_template(
        "console/corrections.html",
        year=year,
        years=years,
        differing=differing,
        figures={one.payslip.id: correction_deeds.figures_of(one) for one in differing},
        problems=[one for one in found if one.problem],
        totals=_totals(differing),
        names=_names([one.payslip for one in found]),
        line_name=_line_names(differing),
        done=[(row, session().get_one(Payslip, row.corrects_id)) for row in session().scalars(done)],
    )


@blueprint.post("/corrections")
def issue_corrections() -> ResponseReturnValue:
    """Correct the slips that were ticked, each in a transaction of its own: what was issued stays issued."""
    issued = 0
    for ticked in request.form.getlist("slip"):
        public_id, _, figures = ticked.partition(" ")
        slip = payslip_for(session(), person(), public_id)
        try:
            made = correction_deeds.correct(person(), slip, _seen(figures))
            session().commit()
            issued += made is not None
        except Conflict as changed:
            session().rollback()
            flash(said(changed.sentence), "bad")
    if issued:
        flash(ngettext("%(n)s payslip is corrected.", "%(n)s payslips are corrected.", issued), "good")
    else:
        flash(gettext("Nothing was left to correct."), "warn")
    return redirect(url_for("console.corrections", year=request.form.get("year", "")))


def _seen(text: str) -> dict[str, int]:
    """The differences the reader had before them; raises Unreadable for what is none."""
    try:
        read: Any = json.loads(text)
    except ValueError as error:
        raise Unreadable("this is no list of differences") from error
    if not isinstance(read, dict) or not all(type(minor) is int for minor in read.values()):
        raise Unreadable("this is no list of differences")
    return read


def _years() -> list[int]:
    """The years with payslips, newest first, and this one."""
    first, last = session().execute(select(func.min(Payslip.pay_date), func.max(Payslip.pay_date))).one()
    this = now().date().year
    if first is None:
        return [this]
    return [year for year in range(max(last.year, this), first.year - 1, -1)]


def _totals(differing: list[Recomputed]) -> dict[str, int]:
    """What all payees of a currency together get; negative where they owe it."""
    totals: dict[str, int] = {}
    for one in differing:
        totals[one.payslip.currency] = totals.get(one.payslip.currency, 0) + one.net_difference_minor
    return totals


def _names(slips: list[Payslip]) -> dict[int, Influencer]:
    wanted = select(Influencer).where(Influencer.id.in_({slip.influencer_id for slip in slips}))
    return {person.id: person for person in session().scalars(wanted)}


def _line_names(differing: list[Recomputed]) -> dict[str, str]:
    names: dict[str, str] = {}
    for one in differing:
        names |= scheme(one.payslip.scheme, one.payslip.pay_date).labels
    return names
