"""The shapes of questions to the books, and of their answers."""

from typing import Any, Literal

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, Body, DocumentRef


class AnswerIn(Body):
    about: Literal["campaign", "brand", "influencer", "order"]
    id: str = Field(description="Of what is asked about.")
    as_of: str = Field(
        default="",
        description="A date: the end of that day where the campaign or shop is; or a moment with an offset. "
        "Left out: now.",
    )
    reader: str = Field(
        default="",
        description="Staff only: left out, the agency itself; `party`, the brand or influencer it is about; or an "
        "influencer's id. An answer holds what its reader may know.",
    )
    language: str = Field(default="", description="he, ar, ru or en; left out, the reader's.")


class AnswerOut(Answer):
    id: str
    number: str
    as_of: str
    about: dict[str, Any]
    reader: dict[str, Any]
    books_upto: int = Field(description="The last ledger transaction counted.")
    summary: list[dict[str, Any]] = Field(description="By currency.")
    accounts: list[dict[str, Any]] = Field(description="Each with its lines, which sum to `balance_minor`.")
    documents: list[DocumentRef]
