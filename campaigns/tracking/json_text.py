"""JSON written again from what was read: one text per value, its numbers in the digits they came in.

The same order read twice gives the same bytes, so it is the same delivery, however the shop spaces or sorts it.
"""

import json
from decimal import Decimal
from typing import Any

from campaigns.errors import Unreadable


def write_json(value: Any) -> bytes:
    """A value of json_body.read_json as ASCII text, members sorted; raises Unreadable where it is nested too deeply.

    >>> write_json({"b": Decimal("1.10"), "a": [None, "é"]})
    b'{"a":[null,"\\\\u00e9"],"b":1.10}'
    """
    try:
        return _written(value).encode("ascii")
    except RecursionError as error:
        raise Unreadable("the document is nested too deeply") from error


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{_written(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value)
