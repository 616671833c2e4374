"""The `data` of a Standard `lead.…` delivery as the snapshot of one contact. docs/leads.md tells shops of it.

Each message tells the whole contact as it stands, so a field that a later message leaves out is not known any more.
What became of the contact is the message's type. A length or a time that can't be read is refused: it decides on pay.
"""

from datetime import datetime
from decimal import Decimal

from campaigns.errors import Unreadable
from campaigns.tracking.events import ContactSnapshot
from campaigns.tracking.json_body import LONGEST_TEXT, JsonObject, clean_text
from campaigns.tracking.platforms.evidence import click_ids, landing_url
from campaigns.tracking.platforms.standard_order import read_codes, read_customer

STATUS_OF_TOPIC = {f"lead.{status}": status for status in ("created", "qualified", "closed", "rejected")}
LONGEST_KIND = 60
MOST_SECONDS = 86_400  # a call of more than a day is a broken clock
MOST_PROOF = 20


def read_contact(data: JsonObject, topic: str, occurred_at: datetime | None) -> ContactSnapshot:
    """The snapshot; without a version of its own it has the event's time. Raises Unreadable."""
    landing = data.values.get("landing_url")
    return ContactSnapshot(
        external_id=data.identifier("id"),
        version=occurred_at if occurred_at and not data.has("version") else data.when("version"),
        happened_at=data.when("happened_at"),
        status=STATUS_OF_TOPIC[topic],
        kind=data.text("kind").strip()[:LONGEST_KIND],
        seconds=_seconds(data),
        codes=read_codes(data),
        click_ids=click_ids([data.values.get("click_id")], landing),
        landing_url=landing_url(landing),
        customer=read_customer(data.object("customer")),
        test=data.flag_or_false("test"),
        proof=_proof(data.object("proof")),
    )


def _seconds(data: JsonObject) -> int | None:
    if not data.has("seconds"):
        return None
    seconds = data.count("seconds")
    if seconds > MOST_SECONDS:
        raise Unreadable(f"{data.at('seconds')}: more than this system takes")
    return seconds


def _proof(proof: JsonObject) -> dict[str, str | int | bool]:
    """A few plain values by name, in the order of their names: the same proof is the same bytes."""
    if len(proof.values) > MOST_PROOF:
        raise Unreadable(f"{proof.path}: more than this system takes")
    told: dict[str, str | int | bool] = {}
    for name, value in sorted(proof.values.items()):
        place = proof.at(clean_text(name, proof.path)[:LONGEST_KIND])
        plain = format(value, "f") if isinstance(value, Decimal) and abs(value.adjusted()) <= 20 else value
        if plain is None:
            continue
        if not isinstance(plain, str | bool | int) or len(str(plain)) > LONGEST_TEXT:
            raise Unreadable(f"{place}: not a text")
        told[name] = clean_text(plain, place) if isinstance(plain, str) else plain
    return told
