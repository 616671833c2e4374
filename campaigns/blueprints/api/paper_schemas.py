"""The shapes of papers somebody was issued, and of what they say to them."""

from typing import Literal

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, Body, DocumentRef
from campaigns.documents.answers import LONGEST_REASON


class DoubtIn(Body):
    reason: str = Field(min_length=1, max_length=LONGEST_REASON, description="What is wrong with the paper.")


class SaidOut(Answer):
    answer: Literal["acknowledged", "disputed"]
    by: str = Field(description="The e-mail of who said it.")
    reason: str
    at: str


class PaperAnswered(SaidOut):
    dispute: str | None = Field(description="The dispute that goes on from here, where the paper is a statement.")


class IssuedPaperOut(Answer):
    id: str
    kind: str
    number: str
    language: str
    issued_at: str
    contents_sha256: str
    corrects: str | None = Field(description="The number of the paper this one corrects.")
    documents: list[DocumentRef]
    answers: list[SaidOut]


class IssuedPaperList(Answer):
    items: list[IssuedPaperOut]
    next: str | None
