"""Webhooks that name an order and tell nothing of it; the order itself is read back from the shop's API.

All such a delivery can bring about is that we look. Its topic is whatever the sender wrote, and is never taken for our
own READ_BACK: else a body anyone may have written would pass for what the shop's API answered.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.tracking.events import READ_BACK, Envelope
from campaigns.tracking.json_body import JsonObject, read_object
from campaigns.tracking.platforms.envelopes import ReadEnvelope, from_body


def announced(topic: str, delivery_id: str, moment: Callable[[JsonObject], datetime]) -> ReadEnvelope:
    """The envelope of such a webhook: where in the body its topic and id stand, and how its time is read."""
    in_body = from_body(topic, delivery_id)

    def envelope(headers: Mapping[str, str], body: bytes) -> Envelope:
        found = in_body(headers, body)
        try:
            occurred_at = moment(read_object(body))
        except Unreadable:
            occurred_at = None
        return replace(found, topic="" if found.topic == READ_BACK else found.topic, occurred_at=occurred_at)

    return envelope


def announced_order(owner: JsonObject, name: str) -> str:
    """The id of the order to read back. It becomes part of an address, so it may not lead to another one."""
    order_id = owner.identifier(name)
    if "/" in order_id or "\\" in order_id or not order_id.strip("."):
        raise Unreadable(f"{owner.at(name)}: not an order's id")
    return order_id
