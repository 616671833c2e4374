"""The files of papers, for whoever they were issued to and for the agency."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from campaigns.blueprints.access import document_file_for
from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import person
from campaigns.models import DocumentFile

blueprint = Blueprint("documents", __name__, url_prefix="/documents")

ENDINGS = {
    "application/pdf": "pdf",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/json": "json",
}


@blueprint.get("/<file_id>")
def file(file_id: str) -> ResponseReturnValue:
    """The bytes as they were made, named after the paper's number; the browser is not to guess what they are."""
    return send(document_file_for(session(), person(), file_id))


def send(found: DocumentFile) -> Response:
    """A file's bytes."""
    name = f"{found.document.number}.{ending(found.media_type)}"
    headers = {"Content-Disposition": f'inline; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return Response(found.body, content_type=found.media_type, headers=headers)


def ending(media_type: str) -> str:
    """The end of a file's name.

    >>> ending("text/csv; charset=utf-8"), ending("application/pdf")
    ('csv', 'pdf')
    """
    return ENDINGS.get(media_type.partition(";")[0].strip(), "bin")
