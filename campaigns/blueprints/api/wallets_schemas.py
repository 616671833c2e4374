"""The shapes of holds, disputes, wallets, credit, offsets and follow-ups over the API."""

from typing import Any, Literal

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, Body, Day, MinorUnits


class ReasonIn(Body):
    reason: str = Field(min_length=1, max_length=1000, description="Whoever earned the commission reads it.")


class HoldOut(Answer):
    order: str | None
    contact: str | None
    reason: str
    held_at: str
    released_at: str | None
    release_reason: str


class DisputeIn(Body):
    about: Literal["order", "contact", "statement", "effort"]
    id: str = Field(description="Of the order, contact or statement's document; for effort of the participation.")
    message: str = Field(min_length=1, max_length=4000)


class MessageIn(Body):
    message: str = Field(min_length=1, max_length=4000)


class ResolveIn(Body):
    outcome: Literal["partner", "agency"]
    resolution: str = Field(min_length=1, max_length=4000, description="Both sides read it.")
    compensation_minor: MinorUnits = Field(default=0, ge=0, description="At the agency's expense.")
    place: Literal["due", "credit"] = "due"


class DisputeOut(Answer):
    id: str
    campaign: str
    participant: str | None
    kind: str
    about: str
    about_id: str | None
    opened_by: str
    opened_at: str
    status: str
    outcome: str | None
    resolution: str | None
    compensation_minor: MinorUnits | None = Field(description="For staff and for whoever opened it.")
    messages: list[dict[str, Any]]


class DisputeList(Answer):
    items: list[DisputeOut]
    next: str | None


class WalletOut(Answer):
    wallets: list[dict[str, Any]]
    history: list[dict[str, Any]]


class CreditIn(Body):
    influencer: str | None = None
    brand: str | None = None
    currency: str = Field(min_length=3, max_length=3)
    amount_minor: MinorUnits = Field(gt=0, le=10**15)
    reason: str = Field(min_length=1, max_length=1000)


class CreditOut(Answer):
    currency: str
    credit_minor: MinorUnits


class OffsetIn(Body):
    influencer: str | None = None
    brand: str | None = None
    document: str | None = Field(default=None, description="The statement or bill that credit is set off against.")
    amount_minor: MinorUnits = Field(gt=0, le=10**15)
    on: Day | None = None


class OffsetOut(Answer):
    id: str
    number: str
    currency: str
    amount_minor: MinorUnits
    credit_after_minor: MinorUnits
    owed_after_minor: MinorUnits


class FollowUpIn(Body):
    participant: str | None = None
    on: Day | None = None


class FollowUpOut(Answer):
    statements: list[dict[str, Any]]
