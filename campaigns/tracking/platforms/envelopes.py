"""What is known of a delivery before it is read: its topic and its id, from headers or from the body's first level.

An envelope never fails. Where a header or a field is missing, the topic is empty (and then unknown, which is shown)
and the delivery is known by its bytes.
"""

from collections.abc import Callable, Mapping

from campaigns.errors import Unreadable
from campaigns.tracking.events import Envelope
from campaigns.tracking.json_body import LONGEST_TEXT, JsonObject, read_object
from campaigns.tracking.platforms.signature import body_digest

ReadEnvelope = Callable[[Mapping[str, str], bytes], Envelope]


def from_headers(topic: str, delivery_id: str = "", version: str = "") -> ReadEnvelope:
    """The envelope of a platform that writes these headers (lower-case names)."""

    def envelope(headers: Mapping[str, str], body: bytes) -> Envelope:
        return Envelope(
            topic=_text(headers.get(topic)),
            delivery_id=_text(headers.get(delivery_id)) or body_digest(body),
            version=_text(headers.get(version)),
        )

    return envelope


def from_body(topic: str, delivery_id: str = "") -> ReadEnvelope:
    """The envelope of a platform that writes them into the body; `a.b` is the member b of the object a."""

    def envelope(headers: Mapping[str, str], body: bytes) -> Envelope:
        try:
            outer = read_object(body)
        except Unreadable:
            return Envelope(topic="", delivery_id=body_digest(body))
        return Envelope(topic=_member(outer, topic), delivery_id=_member(outer, delivery_id) or body_digest(body))

    return envelope


def no_ping(headers: Mapping[str, str], body: bytes) -> bool:
    """For a platform whose every request is signed."""
    return False


def _member(outer: JsonObject, path: str) -> str:
    *names, last = path.split(".")
    try:
        for name in names:
            outer = outer.object(name)
        return _text(outer.text(last))
    except Unreadable:
        return ""


def _text(value: str | None) -> str:
    return (value or "").strip()[:LONGEST_TEXT]
