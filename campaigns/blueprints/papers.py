"""One paper: its files, its data with their hash, and what those it is for say to it.

Whoever it is for opens it signed in, or by the link of a letter, which opens that paper and nothing else until it ends.
A link's token stands in the query, where no log of ours looks, and is told to no other page. Opening changes nothing,
so a mail scanner that looks first does no harm.
"""

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints import paper_deeds
from campaigns.blueprints.access import document_for, documents_for
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.documents import send
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.documents.answers import DISPUTED, LONGEST_REASON, answers_to
from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict, NotFound
from campaigns.i18n import N_, gettext
from campaigns.models import Document, DocumentFile, DocumentMail
from campaigns.people.paper_links import LinkOver, open_link

blueprint = Blueprint("papers", __name__, url_prefix="/papers")
blueprint.add_app_template_global(lambda ids: answers_to(session(), ids), "answers_to_papers")
PER_PAGE = 50


class DoubtForm(SpokenForm):
    """What is wrong with a paper."""

    reason = TextAreaField(N_("What is wrong?"), [InputRequired(), Length(max=LONGEST_REASON)])


@blueprint.get("")
def index() -> ResponseReturnValue:
    """A brand's papers, the newest first."""
    page = max(request.args.get("page", 1, int), 1)
    wanted = documents_for(person()).order_by(Document.id.desc()).offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)
    found = session().scalars(wanted.options(selectinload(Document.files).defer(DocumentFile.body))).all()
    more = url_for("papers.index", page=page + 1) if len(found) > PER_PAGE else ""
    return render_template("papers/list.html", documents=found[:PER_PAGE], next_url=more)


@blueprint.get("/<document_id>")
def one(document_id: str) -> ResponseReturnValue:
    """A paper of yours."""
    return _page(document_for(session(), person(), document_id), DoubtForm(formdata=None))


@blueprint.get("/<document_id>/snapshot")
def snapshot(document_id: str) -> ResponseReturnValue:
    """Its frozen contents, byte by byte what its hash is of."""
    return _snapshot(document_for(session(), person(), document_id))


@blueprint.post("/<document_id>/acknowledge")
def accept(document_id: str) -> ResponseReturnValue:
    """Say that it was seen and is accepted."""
    paper = document_for(session(), person(), document_id)
    paper_deeds.acknowledge(person(), paper)
    session().commit()
    flash(gettext("Thank you: the agency sees that you have accepted it."), "good")
    return redirect(url_for("papers.one", document_id=document_id))


@blueprint.post("/<document_id>/dispute")
def doubt(document_id: str) -> ResponseReturnValue:
    """Say what is wrong with it: of a statement, that is a dispute as any other."""
    paper = document_for(session(), person(), document_id)
    form = DoubtForm()
    if not form.validate_on_submit():
        return _page(paper, form), 422
    try:
        _, opened = paper_deeds.dispute(person(), paper, form.reason.data)
    except Conflict as refused:
        session().rollback()
        form.form_errors.append(said(refused.sentence or str(refused)))
        return _page(paper, form), 409
    session().commit()
    flash(gettext("Your question is with the agency."), "good")
    if opened is not None:
        return redirect(url_for("disputes.one", dispute_id=opened.public_id))
    return redirect(url_for("papers.one", document_id=document_id))


@blueprint.get("/link")
def by_link() -> ResponseReturnValue:
    """The paper a letter's link opens."""
    try:
        paper = _linked()
    except LinkOver:
        return render_template("papers/link_over.html"), 410
    return render_template("papers/linked.html", document=paper, files=_files(paper), token=request.args["paper"])


@blueprint.get("/link/files/<file_id>")
def file_by_link(file_id: str) -> ResponseReturnValue:
    """A file of it."""
    found = session().scalar(select(DocumentFile).filter_by(public_id=file_id, document_id=_linked().id))
    if found is None:
        raise NotFound("no such file")
    return send(found)


@blueprint.get("/link/snapshot")
def snapshot_by_link() -> ResponseReturnValue:
    """Its contents."""
    return _snapshot(_linked())


@blueprint.after_request
def keep_quiet(answer: Response) -> Response:
    """The address of a link holds its token: no other page hears of it."""
    if request.args.get("paper"):
        answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _linked() -> Document:
    return open_link(session(), settings().paper_link_key, request.args.get("paper", ""), now())


def _page(paper: Document, form: DoubtForm) -> str:
    mine = person().role != "agency"
    given = answers_to(session(), [paper.id]).get(paper.id, [])
    mails = [] if mine else session().scalars(select(DocumentMail).filter_by(document_id=paper.id)).all()
    own = {answer.answer for answer, user in given if user.id == person().id}
    shown = [one for one in given if not mine or one[1].role == person().role]
    return render_template(
        "papers/one.html",
        document=paper,
        files=_files(paper),
        timezone=contents_of(paper).get("timezone", "UTC"),
        answers=shown,
        own=own,
        mails=mails,
        form=form if mine and DISPUTED not in own else None,
        may_answer=mine,
    )


def _files(paper: Document) -> Sequence[tuple[str, str]]:
    """Id and media type of each file, without the bytes."""
    rows = session().execute(
        select(DocumentFile.public_id, DocumentFile.media_type)
        .where(DocumentFile.document_id == paper.id)
        .order_by(DocumentFile.id)
    )
    return [(row[0], row[1]) for row in rows]


def _snapshot(paper: Document) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{paper.number}.json"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(paper.contents.encode(), content_type="application/json", headers=headers)
