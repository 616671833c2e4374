"""The files payees sent, for themselves and for the agency: handed over to be kept, never shown inside our pages.

What a stranger uploaded is their own work: the browser is told what it is, not to guess, and to save it under a name
of ours; the fixed policy (headers.py) lets nothing in it run.
"""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from campaigns.blueprints.access import received_for
from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import person

blueprint = Blueprint("received", __name__, url_prefix="/received")

ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@blueprint.get("/<paper_id>")
def file(paper_id: str) -> ResponseReturnValue:
    """The bytes as they came, named after the statement they are for."""
    paper = received_for(session(), person(), paper_id)
    name = f"{paper.statement.document.number}-{paper.public_id}.{ENDINGS[paper.media_type]}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return Response(paper.body, content_type=paper.media_type, headers=headers)
