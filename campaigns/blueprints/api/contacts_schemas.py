"""The shapes of leads and calls: what is posted is the Standard format's own message (docs/leads.md)."""

from typing import Annotated, Literal

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, AttributionOut, Body, MinorUnits, Moment


class ContactPersonIn(Body):
    email: str | None = None
    phone: str | None = None


class ContactDataIn(Body):
    id: Annotated[str | int, Field(description="Your own id of the contact, the same in every message about it.")]
    version: Moment | None = Field(default=None, description="When this was so; `timestamp` where left out.")
    happened_at: Moment
    kind: str = Field(default="", max_length=60, description="call, form, chat … in your own words.")
    seconds: int | None = Field(default=None, ge=0, le=86_400, description="How long a call took.")
    coupon_codes: list[str] = []
    click_id: str | None = None
    landing_url: str | None = None
    customer: ContactPersonIn = ContactPersonIn()
    test: bool = False
    proof: dict[str, str | int | bool] = Field(
        default={}, max_length=20, description="A recording's id, the number dialled: nothing of the person."
    )


class ContactIn(Body):
    type: Literal["lead.created", "lead.qualified", "lead.closed", "lead.rejected"]
    format: Literal["1"] = "1"
    timestamp: Moment | None = None
    data: ContactDataIn


class ContactOut(Answer):
    id: str
    external_id: str
    campaign: str | None
    status: str
    kind: str
    seconds: int | None
    happened_at: str
    test: bool
    attribution: AttributionOut
    currency: str | None
    commission_minor: MinorUnits
    agency_fee_minor: MinorUnits


class ContactList(Answer):
    items: list[ContactOut]
    next: str | None
