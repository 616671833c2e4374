"""Bringing a file of people in: upload it, look at what it would do, then take it or leave it."""

import logging
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from campaigns.blueprints.access import import_run_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.import_words import changes_in_words
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.errors import NotFound, Unreadable
from campaigns.i18n import N_, gettext, ngettext
from campaigns.models import ImportRun
from campaigns.planning.importing import runs
from campaigns.planning.importing.columns import COLUMNS, HEADINGS
from campaigns.planning.importing.compared import KINDS, Line, compare, counted
from campaigns.planning.importing.files import MOST_BYTES, MOST_ROWS
from campaigns.sheets.columns import Column, Table
from campaigns.sheets.written import MEDIA_TYPES, write

PER_PAGE = 50
RUNS_SHOWN = 20
TEMPLATES = ("xlsx", "csv")
ROW, REASON = Column("row", N_("Row in the file"), "count"), Column("problem", N_("What is wrong"))

log = logging.getLogger(__name__)


class FileForm(SpokenForm):
    """A file of people."""

    file = FileField(N_("A CSV file or a workbook (.xlsx)"), [FileRequired(N_("Choose a file."))])


@blueprint.route("/influencers/imports", methods=["GET", "POST"])
def imports() -> ResponseReturnValue:
    """The files so far; another one is kept to be looked at, and nobody is taken."""
    form = FileForm()
    if form.validate_on_submit():
        try:
            file = form.file.data
            run = runs.preview(session(), file.filename or "", file.stream.read(MOST_BYTES + 1), _by())
            session().commit()
            log.info("import=%s rows=%s", run.public_id, len(run.rows))
            return redirect(url_for("console.import_run", run_id=run.public_id))
        except Unreadable as refused:
            session().rollback()
            form.file.errors = [said(refused.sentence)]
    newest = select(ImportRun).options(defer(ImportRun.rows), joinedload(ImportRun.made_by))
    made = session().scalars(newest.order_by(ImportRun.id.desc()).limit(RUNS_SHOWN)).all()
    page = render_template(
        "console/imports.html", form=form, runs=made, columns=COLUMNS, endings=TEMPLATES, most=(MOST_ROWS, MOST_BYTES)
    )
    return page, 422 if form.errors else 200


@blueprint.get("/influencers/imports/template.<ending>")
def import_template(ending: str) -> ResponseReturnValue:
    """An empty table with every column that is read."""
    if ending not in TEMPLATES:
        raise NotFound("no such template")
    return _file(COLUMNS, [], ending, f"influencers.{ending}")


@blueprint.get("/influencers/imports/<run_id>")
def import_run(run_id: str) -> ResponseReturnValue:
    """What taking a file would do, by kind; once it is decided, what was done."""
    run: ImportRun = import_run_for(session(), person(), run_id)
    lines = compare(session(), runs.entries_of(run)) if run.status == "previewed" else _left_out(run)
    counts = counted(lines)
    kind = request.args.get("show", "")
    if kind not in KINDS:
        kind = next((one for one in ("bad", *KINDS) if counts[one]), "new")
    page = max(request.args.get("page", 1, int), 1)
    some = [one for one in lines if one.kind == kind][(page - 1) * PER_PAGE :]
    more = url_for("console.import_run", run_id=run_id, show=kind, page=page + 1)
    return render_template(
        "console/import.html",
        run=run,
        counts=counts,
        kind=kind,
        lines=some[:PER_PAGE],
        next_url=more if len(some) > PER_PAGE else "",
        headings=HEADINGS,
        changes_in_words=changes_in_words,
    )


@blueprint.get("/influencers/imports/<run_id>/problems.csv")
def import_problems(run_id: str) -> ResponseReturnValue:
    """The rows that can't be taken, as they were, each with what is wrong: to be mended and brought in again."""
    run: ImportRun = import_run_for(session(), person(), run_id)
    lines = compare(session(), runs.entries_of(run)) if run.status == "previewed" else _left_out(run)
    rows = [row for line in lines if line.kind == "bad" for row in _mendable(line)]
    return _file((*COLUMNS, ROW, REASON), rows, "csv", "influencers-to-mend.csv")


@blueprint.post("/influencers/imports/<run_id>/take")
def take_import(run_id: str) -> ResponseReturnValue:
    """Take what was shown, in one go."""
    run: ImportRun = import_run_for(session(), person(), run_id)
    shown = {kind: request.form.get(kind, -1, int) for kind in KINDS}
    choice = runs.Choice("change_existing" in request.form, "leave_out" in request.form, shown)
    counts = runs.take(session(), run, choice, _by())
    session().commit()
    log.info("import=%s taken added=%s changed=%s", run_id, counts["added"], counts["changed"])
    added = ngettext("%(n)s person is added.", "%(n)s people are added.", counts["added"])
    changed = ngettext("%(n)s record is changed.", "%(n)s records are changed.", counts["changed"])
    flash(f"{added} {changed}" if counts["changed"] else added, "good")
    return redirect(url_for("console.import_run", run_id=run_id))


@blueprint.post("/influencers/imports/<run_id>/discard")
def discard_import(run_id: str) -> ResponseReturnValue:
    """Take nobody."""
    run: ImportRun = import_run_for(session(), person(), run_id)
    runs.discard(session(), run, _by())
    session().commit()
    flash(gettext("Nobody was taken from the file."), "good")
    return redirect(url_for("console.imports"))


def _left_out(run: ImportRun) -> list[Line]:
    """Of a file that was taken only what can't be is still kept."""
    return [Line(one, "bad", problems=one.problems) for one in runs.entries_of(run)]


def _mendable(line: Line) -> list[list[Any]]:
    """The rows of one person, with the columns as the file had them."""
    return [
        [
            *(cells.get(column.key, "") for column in COLUMNS),
            row,
            "; ".join(
                f"{gettext(HEADINGS[one.column])}: {said(one.sentence)}" for one in line.problems if one.row == row
            ),
        ]
        for row, cells in sorted(line.entry.cells.items())
    ]


def _file(columns: tuple[Column, ...], rows: list[list[Any]], ending: str, name: str) -> Response:
    """A small table as a file."""
    plain = [Column(one.key, one.heading) if one in COLUMNS else one for one in columns]  # cells as they were typed
    written = BytesIO()
    write(Table("influencers", N_("Influencers"), plain, rows, ZoneInfo("UTC"), now()), ending, written, "")
    response = Response(written.getvalue(), content_type=MEDIA_TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _by() -> runs.By:
    return runs.By(person().id, settings().agency_name, now())
