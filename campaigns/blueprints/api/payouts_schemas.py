"""The shapes of payments over the API."""

from typing import Any

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, Body, Day, DocumentRef, MinorUnits


class PayoutIn(Body):
    currency: str = "ILS"
    on: Day | None = None


class PaidIn(Body):
    reference: str = Field(default="", description="The bank's own reference of the payment.")
    on: Day | None = Field(default=None, description="The day it was paid; left out, the batch's pay date.")


class FailedIn(Body):
    reason: str = Field(description="What the bank says. The payee is told of it.")


class PayoutLineOut(Answer):
    id: str
    influencer: str
    name: str
    amount_minor: MinorUnits
    currency: str
    status: str = Field(description="prepared, released, paid, failed, returned or cancelled.")
    file: str = Field(description="Which of the batch's files it goes into: masav, sepa or csv.")
    bank_reference: str
    reason: str = Field(description="Why it failed, was returned or was left out; or why a release would leave it out.")


class BankFileOut(Answer):
    kind: str
    name: str
    count: int
    total_minor: MinorUnits
    missing: list[str] = Field(description="Settings without which the file is not made.")
    url: str


class PayoutOut(Answer):
    id: str
    number: str
    currency: str
    status: str = Field(description="prepared, released, done or cancelled.")
    pay_date: str
    total_minor: MinorUnits
    rows: list[dict[str, Any]]
    left_out: list[dict[str, Any]] = Field(description="Payees left out for want of an accepted paper.")
    lines: list[PayoutLineOut]
    files: list[BankFileOut]
    documents: list[DocumentRef]
