"""Leads and calls of the demo data: long enough and too short, a deal, one the shop rejected, one told twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from campaigns.models import Campaign, Contact, Participation
from campaigns.tracking import contacts
from campaigns.tracking.events import ContactSnapshot, Customer

# 2.00 a lead, 8.00 more for a call of 15 seconds, 40.00 more for a deal; 1.00 each for the agency.
LEADS: dict[str, Any] = {
    "per_lead_minor": 200,
    "per_qualified_minor": 800,
    "per_closed_minor": 4_000,
    "qualified_seconds": 15,
    "agency_per_lead_minor": 100,
}


@dataclass(frozen=True)
class Call:
    """One contact: with whose code, how long it took (None for a form), what became of it, and who it was."""

    handle: str
    seconds: int | None
    status: str = "created"
    caller: str = ""


CALLS = (
    Call("noa", 32, caller="dana"),
    Call("noa", 9),
    Call("maya", 48, "closed"),
    Call("dasha", 21, "qualified"),
    Call("dasha", 60, "rejected"),
    Call("yoav", 17),
    Call("noa", 25, caller="dana"),
    Call("tamar", None),
)


def calls(
    session: Session, campaign: Campaign, people: Mapping[str, Participation], first: datetime, key: bytes
) -> list[Contact]:
    """Tell of all of them, one every ten hours from `first` on."""
    return [
        _tell(session, campaign, people[one.handle], one, place, first + timedelta(hours=10 * place), key)
        for place, one in enumerate(CALLS)
    ]


def _tell(
    session: Session, campaign: Campaign, whose: Participation, one: Call, place: int, at: datetime, key: bytes
) -> Contact:
    number = f"call-{campaign.id}{place + 1:03}"
    told = ContactSnapshot(
        external_id=number,
        version=at,
        happened_at=at,
        status=one.status,
        kind="form" if one.seconds is None else "call",
        seconds=one.seconds,
        codes=(whose.codes[-1].code,),
        customer=Customer(email=f"{one.caller or number}@callers.test"),
        proof={"recording": f"rec_{number}"} if one.seconds is not None else {},
    )
    return contacts.take(session, campaign.shop, told, key, at + timedelta(minutes=1))
