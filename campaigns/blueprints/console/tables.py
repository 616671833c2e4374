"""Deduction tables: every row shipped or entered, entering one, verifying and withdrawing; and what runs out when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints import table_deeds
from campaigns.blueprints.access import table_row_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.table_forms import percent, row_form
from campaigns.blueprints.console.table_words import confidence, figure_name, table_name
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.payees import country_name
from campaigns.blueprints.signed_in import person
from campaigns.deductions import entering, running_out
from campaigns.deductions.entered import tables as known_tables
from campaigns.deductions.shapes import shape_of
from campaigns.deductions.tables import Row, Tables, shipped
from campaigns.errors import Invalid, NotFound
from campaigns.i18n import gettext
from campaigns.models import User

MONTH = 31

blueprint.add_app_template_filter(table_name, "table_name")
blueprint.add_app_template_filter(figure_name, "figure_name")
blueprint.add_app_template_filter(percent, "percent")
blueprint.add_app_template_filter(confidence, "confidence")
blueprint.add_app_template_filter(shape_of, "shape")


@blueprint.app_context_processor
def running_out_soon() -> dict[str, Callable[[], list[running_out.Gap]]]:
    """For the console's first page: the tables of payslips that soon have no row."""
    return {"tables_running_out": lambda: running_out.payslip_gaps(session(), now().date())}


@dataclass(frozen=True)
class Listed:
    """A table on the list: the row of today if there is one, and from when on there is none."""

    name: str
    today: Row | None
    gap_from: date | None
    waiting: int
    rows: tuple[Row, ...]


@blueprint.get("/tables")
def tables() -> ResponseReturnValue:
    """Every table of every country, with how long its rows reach."""
    known, today = known_tables(session()), now().date()
    waiting = [row.table_name for row in entering.entered_rows(session()) if entering.status_of(row) == "unverified"]
    listed = [_listed(known, name, today, waiting.count(name)) for name in known.names()]
    countries: dict[str, list[Listed]] = {}
    for one in listed:
        countries.setdefault(one.name.partition(".")[0], []).append(one)
    return render_template(
        "console/tables.html",
        countries={country_name(code): found for code, found in countries.items()},
        today=today,
        missing=[one for one in listed if one.gap_from == today],
        ending=[one for one in listed if one.gap_from and 0 < (one.gap_from - today).days <= MONTH],
        warn_days=running_out.WARN_DAYS,
    )


@blueprint.route("/tables/<name>", methods=["GET", "POST"])
def table(name: str) -> ResponseReturnValue:
    """One table with all of its rows; posted to, one more is entered."""
    known = known_tables(session())
    rows = known.rows(name)
    if not rows:
        raise NotFound("no such table")
    today = now().date()
    form = row_form(rows[-1].values, currency_of(name))
    if form.validate_on_submit():
        try:
            table_deeds.enter(person(), form.asked(name))
            session().commit()
            flash(gettext("The row is entered. It counts once it is verified."), "good")
            return redirect(url_for("console.table", name=name))
        except Invalid as refused:
            form.take_errors(refused)
    page = render_template(
        "console/table.html",
        name=name,
        listed=_listed(known, name, today, 0),
        today=today,
        form=form,
        shipped=shipped().rows(name),
        entered=[(row, entering.status_of(row)) for row in entering.entered_rows(session(), name)],
        people=_people(),
        me=person(),
        four_eyes=settings().payout_four_eyes,
        currency=currency_of(name),
        papers_made_with=lambda row: entering.papers_made_with(session(), row),
    )
    return page, 422 if form.is_submitted() and request.method == "POST" else 200


@blueprint.post("/tables/rows/<row_id>/verify")
def verify_table_row(row_id: str) -> ResponseReturnValue:
    """Let a row count."""
    row = table_row_for(session(), person(), row_id)
    table_deeds.verify(person(), row)
    session().commit()
    flash(gettext("The row is verified, and counts from now on."), "good")
    return redirect(url_for("console.table", name=row.table_name))


@blueprint.post("/tables/rows/<row_id>/withdraw")
def withdraw_table_row(row_id: str) -> ResponseReturnValue:
    """End a row that should not have been entered."""
    row = table_row_for(session(), person(), row_id)
    table_deeds.withdraw(person(), row, request.form.get("reason", ""))
    session().commit()
    flash(gettext("The row is withdrawn. What was made with it is listed beside it."), "good")
    return redirect(url_for("console.table", name=row.table_name))


def currency_of(name: str) -> str:
    """What a table's amounts are in."""
    return {"RU": "RUB", "US": "USD"}.get(name.partition(".")[0], "ILS")


def _listed(known: Tables, name: str, on: date, waiting: int) -> Listed:
    rows = known.rows(name)
    today = next((row for row in reversed(rows) if row.usable and row.covers(on)), None)
    return Listed(name, today, running_out.first_gap(rows, on), waiting, rows)


def _people() -> dict[int, str]:
    staff = session().query(User).filter_by(role="agency")
    return {user.id: user.email for user in staff}
