"""The shapes of payees' papers over the API."""

from typing import Any

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, Body, Day, MinorUnits


class ReceivedIn(Body):
    kind: str = Field(description="tax_invoice, receipt, deal_invoice, npd_receipt or invoice.")
    number: str
    issued_on: Day
    net_minor: MinorUnits
    vat_minor: MinorUnits
    allocation_number: str = ""
    file_base64: str = Field(description="The paper: a PDF, JPEG or PNG of at most 1.5 MB, as base64.")


class AcceptReceivedIn(Body):
    pay_on: Day | None = Field(default=None, description="When it is to be paid: that day's certificate counts.")


class RefuseReceivedIn(Body):
    reason: str = Field(description="The payee is told of it.")


class ReceivedOut(Answer):
    id: str
    statement: str
    influencer: str
    kind: str
    number: str
    issued_on: str
    currency: str
    net_minor: MinorUnits
    vat_minor: MinorUnits
    allocation_number: str
    media_type: str
    sha256: str
    status: str = Field(description="received, accepted or refused.")
    reason: str
    findings: list[dict[str, Any]] = Field(description="What the checks say: code, wrong, and the sentence.")
    received_at: str
    decided_at: str | None


class ReceivedList(Answer):
    items: list[ReceivedOut]
