"""The shapes of registered customers in the JSON API; nothing of the person but a label."""

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, Body


class RegistrationIn(Body):
    participant: str
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=40, description="The address, the number, or both.")
    reason: str = Field(
        default="",
        max_length=1000,
        description="Only where the customer asked for it: how. Whoever has the customer loses them; both read it.",
    )


class RegistrationOut(Answer):
    id: str
    participant: str
    customer: str = Field(description="Masked: enough for whoever registered them.")
    status: str = Field(description="attached, late, refused or ended.")
    alone: bool = Field(description="Whether the customer is or was theirs alone.")
    reason: str
    registered_at: str
    binds_until: str | None
    ended_at: str | None


class RegistrationList(Answer):
    items: list[RegistrationOut]
    next: str | None
