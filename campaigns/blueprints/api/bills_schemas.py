"""The shapes of bills in the JSON API."""

from typing import Any

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, Body, Day, DocumentRef, MinorUnits


class BillIn(Body):
    on: Day | None = Field(
        default=None, description="The date on it, which decides the VAT; today in the campaign's zone."
    )


class BillPaymentIn(Body):
    amount_minor: MinorUnits = Field(description="Above zero, and at most what is open.")
    received_on: Day
    reference: str = Field(description="The bank's own reference; once for each bill.")


class BillOut(Answer):
    id: str
    number: str
    campaign: str
    currency: str
    issued_at: str
    commission_minor: MinorUnits
    agency_fee_minor: MinorUnits
    vat_minor: MinorUnits
    total_minor: MinorUnits
    open_minor: MinorUnits = Field(description="What is neither paid nor offset; negative for a credit.")
    lines: list[dict[str, Any]]
    documents: list[DocumentRef]


class BillList(Answer):
    items: list[BillOut]
    next: str | None
