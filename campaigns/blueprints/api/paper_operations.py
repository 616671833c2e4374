"""Papers over the API: those issued to the caller, and their yes or doubt, as on the paper's page."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from campaigns.blueprints import access, paper_deeds
from campaigns.blueprints.api import paper_schemas as schemas
from campaigns.blueprints.api.api import caller, operation, page_of
from campaigns.blueprints.api.settlement import show_file
from campaigns.blueprints.context import session
from campaigns.clock import iso
from campaigns.documents.answers import answers_to
from campaigns.models import Document, DocumentAnswer, DocumentFile, User


@operation("GET", "/papers", answer=schemas.IssuedPaperList, query=("cursor", "limit"))
def list_papers() -> dict[str, Any]:
    """The papers the caller may read, with their files and what was said to them."""
    files = selectinload(Document.files).defer(DocumentFile.body)
    return page_of(access.documents_for(caller()).options(files), Document.id, show_paper)


@operation("GET", "/papers/{document_id}", answer=schemas.IssuedPaperOut)
def get_paper(document_id: str) -> dict[str, Any]:
    """One paper."""
    return show_paper(access.document_for(session(), caller(), document_id))


@operation("POST", "/papers/{document_id}/acknowledge", answer=schemas.PaperAnswered)
def acknowledge_paper(document_id: str) -> dict[str, Any]:
    """Say that it was seen and is accepted; said twice it is said once."""
    paper = access.document_for(session(), caller(), document_id)
    return _said(paper_deeds.acknowledge(caller(), paper), caller()) | {"dispute": None}


@operation("POST", "/papers/{document_id}/dispute", schemas.DoubtIn, schemas.PaperAnswered)
def dispute_paper(document_id: str, body: schemas.DoubtIn) -> dict[str, Any]:
    """Say what is wrong with it, once; accepting it before is no waiver."""
    paper = access.document_for(session(), caller(), document_id)
    given, opened = paper_deeds.dispute(caller(), paper, body.reason)
    return _said(given, caller()) | {"dispute": opened.public_id if opened else None}


def show_paper(paper: Document) -> dict[str, Any]:
    """A paper as answered; of what was said the agency reads all, others what their own side said."""
    given = answers_to(session(), [paper.id]).get(paper.id, [])
    mine = [one for one in given if caller().role in ("agency", one[1].role)]
    corrected = select(Document.number).where(Document.id == paper.corrects_id)
    return {
        "id": paper.public_id,
        "kind": paper.kind,
        "number": paper.number,
        "language": paper.language,
        "issued_at": iso(paper.issued_at),
        "contents_sha256": paper.contents_sha256,
        "corrects": session().scalar(corrected) if paper.corrects_id is not None else None,
        "documents": [show_file(file) for file in paper.files],
        "answers": [_said(answer, user) for answer, user in mine],
    }


def _said(given: DocumentAnswer, user: User) -> dict[str, Any]:
    return {"answer": given.answer, "by": user.email, "reason": given.reason, "at": iso(given.answered_at)}
