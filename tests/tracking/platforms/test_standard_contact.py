"""Leads and calls in the Standard format: what is read, and what is refused rather than guessed."""

from typing import Any

import pytest

from campaigns.errors import Unreadable
from campaigns.tracking.events import ContactSnapshot
from tests.tracking.platforms.payloads import read

DATA = {
    "id": "call-77",
    "version": "2026-05-10T12:05:00Z",
    "happened_at": "2026-05-10T15:00:00+03:00",
    "kind": "call",
    "seconds": 42,
    "coupon_codes": ["NOA10"],
    "landing_url": "https://shop.example.com/?click_id=k_1",
    "customer": {"email": "dana@example.com", "phone": "050-1112223"},
    "proof": {"recording": "rec_9", "dialled": "+97231234567"},
}


def told(topic: str = "lead.created", **changes: Any) -> ContactSnapshot:
    """`DATA` with changes, read; a change to None leaves the field out."""
    data = {name: value for name, value in {**DATA, **changes}.items() if value is not None}
    contact = read("standard", topic, {"type": topic, "timestamp": "2026-05-10T12:06:00Z", "data": data}).contact
    assert contact is not None
    return contact


def test_a_call_is_read_with_its_evidence_and_its_proof() -> None:
    call = told()
    assert (call.external_id, call.kind, call.seconds, call.test) == ("call-77", "call", 42, False)
    assert (call.codes, call.click_ids) == (("NOA10",), ("k_1",))
    assert call.happened_at.isoformat() == "2026-05-10T12:00:00+00:00"
    assert (call.customer.email, call.customer.phone) == ("dana@example.com", "050-1112223")
    assert call.proof == {"dialled": "+97231234567", "recording": "rec_9"}


@pytest.mark.parametrize("status", ["created", "qualified", "closed", "rejected"])
def test_the_type_says_what_became_of_it(status: str) -> None:
    assert told(f"lead.{status}").status == status


def test_without_a_version_the_time_of_the_message_is_it() -> None:
    assert told(version=None).version.isoformat() == "2026-05-10T12:06:00+00:00"


def test_a_contact_that_is_no_call_has_no_length() -> None:
    assert told(seconds=None, kind="form").seconds is None


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"id": None}, r"data\.id: not an id"),
        ({"happened_at": None}, r"data\.happened_at: not a date and time"),
        ({"happened_at": "2026-05-10T15:00:00"}, "without a zone"),
        ({"version": "soon"}, r"data\.version: not a date and time"),
        ({"seconds": "15.5"}, r"data\.seconds: not a whole number"),
        ({"seconds": -15}, r"data\.seconds: not a quantity"),
        ({"seconds": 86_401}, r"data\.seconds: more than this system takes"),
        ({"coupon_codes": "NOA10"}, "coupon_codes: not a list"),
        ({"test": "no"}, r"data\.test: neither true nor false"),
        ({"proof": "rec_9"}, r"data\.proof: not an object"),
        ({"proof": {"recording": ["rec_9"]}}, r"data\.proof\.recording: not a text"),
        ({"proof": {"recording": "x" * 300}}, r"data\.proof\.recording: not a text"),
        ({"proof": {f"n{number}": 1 for number in range(21)}}, r"data\.proof: more than this system takes"),
        ({"proof": {"recording": "\0"}}, "a NUL character"),
    ],
)
def test_what_can_not_be_read_is_refused(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        told(**wrong)


def test_a_format_that_is_not_known_yet_is_refused() -> None:
    with pytest.raises(Unreadable, match="format"):
        read("standard", "lead.created", {"type": "lead.created", "format": "2", "data": DATA})


def test_a_lead_of_a_kind_nobody_knows_is_kept_unread() -> None:
    assert read("standard", "lead.lost", {"type": "lead.lost", "data": DATA}).ignored == "unknown topic"
