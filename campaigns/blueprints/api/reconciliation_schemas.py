"""The shapes of reconciliations in the JSON API."""

from typing import Any

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, Body


class FindingReasonIn(Body):
    reason: str = Field(min_length=1, max_length=1000, description="It stands in the final report.")


class FindingOut(Answer):
    id: str
    kind: str
    external_id: str = Field(description="The shop's id of the order; its number, where the export has no ids.")
    number: str
    status: str
    reason: str
    ours: dict[str, Any] = Field(description="What we have of the order; empty where we don't have it.")
    theirs: dict[str, Any] = Field(description="What the export says of it; empty where it doesn't have it.")


class ReconciliationOut(Answer):
    id: str
    campaign: str
    source: str
    made_at: str
    orders: int = Field(description="In the export.")
    matched: int
    missing_here: list[FindingOut]
    missing_there: list[FindingOut]
    amount_differs: list[FindingOut]
    status_differs: list[FindingOut]
