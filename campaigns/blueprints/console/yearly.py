"""The papers of a year: who should have which, who has, and making what is missing or has changed."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import selectinload

from campaigns.blueprints import access, asking
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session
from campaigns.blueprints.signed_in import person
from campaigns.i18n import gettext
from campaigns.models import Document, DocumentFile
from campaigns.settlement.yearly import papers as yearly

log = logging.getLogger(__name__)


@blueprint.route("/yearly-papers", methods=["GET", "POST"])
def yearly_papers() -> ResponseReturnValue:
    """A year's papers; posted to, those of one payee or of all are made."""
    years = yearly.years(session(), now())
    year = request.values.get("year", years[0], int)
    if request.method == "POST":
        payee = request.form.get("payee", "")
        payees = [access.influencer_for(session(), person(), payee)] if payee else None
        made = asking.make_yearly(person(), year, payees)
        session().commit()
        log.info("made %s papers of %s", len(made), year)
        if made:
            flash(gettext("Papers issued: %(count)s. Their files are being made.", count=len(made)), "good")
        else:
            flash(gettext("Nothing to make: every paper is there, and no figure has changed."), "info")
        return redirect(url_for("console.yearly_papers", year=year))
    rows = yearly.papers_of_year(session(), year) if year in years else []
    done, whole = yearly.being_made(session(), year)
    return render_template(
        "console/yearly_papers.html",
        years=years,
        year=year,
        rows=rows,
        papers=_with_files([row.paper.id for row in rows if row.paper]),
        wanted=sum(1 for row in rows if row.state != yearly.CURRENT),
        done=done,
        whole=whole,
    )


def _with_files(ids: list[int]) -> dict[int, Document]:
    """The papers with the names of their files, but not the bytes."""
    files = selectinload(Document.files).defer(DocumentFile.body)
    found = access.documents_for(person()).where(Document.id.in_(ids)).options(files)
    return {one.id: one for one in session().scalars(found)}
