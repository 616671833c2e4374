"""Questions to the books over the API: a numbered, itemised answer as of any moment."""

from typing import Any

from campaigns.blueprints import access, asking
from campaigns.blueprints.api import answers_schemas as schemas
from campaigns.blueprints.api.api import caller, operation
from campaigns.blueprints.api.settlement import show_file
from campaigns.blueprints.context import session
from campaigns.documents.issue import contents_of
from campaigns.errors import NotFound
from campaigns.models import Document


@operation("POST", "/answers", schemas.AnswerIn, schemas.AnswerOut, status=201)
def create_answer(body: schemas.AnswerIn) -> dict[str, Any]:
    """Answer what the books knew of a campaign, a brand, an influencer or an order; 404 for what isn't yours."""
    asked = asking.Asked(body.about, body.id, body.as_of, body.reader, body.language)
    return show_answer(asking.ask(caller(), asked))


@operation("GET", "/answers/{answer_id}", answer=schemas.AnswerOut)
def get_answer(answer_id: str) -> dict[str, Any]:
    """An answer as it was given, with its files as far as they are made."""
    found = access.document_for(session(), caller(), answer_id)
    if found.kind != "itemised_answer":
        raise NotFound("no such thing, or not yours")
    return show_answer(found)


def show_answer(paper: Document) -> dict[str, Any]:
    """A frozen answer, and its files."""
    contents = contents_of(paper)
    told = ("as_of", "about", "reader", "books_upto", "summary", "accounts")
    return {
        "id": paper.public_id,
        "number": paper.number,
        **{name: contents[name] for name in told},
        "documents": [show_file(file) for file in paper.files],
    }
