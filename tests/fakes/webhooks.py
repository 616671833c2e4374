"""A delivery as a platform posts it: bytes, headers, and what it writes behind the address it was given."""

from typing import NamedTuple


class Webhook(NamedTuple):
    """What is posted."""

    body: bytes
    headers: dict[str, str]
    query: str = ""
