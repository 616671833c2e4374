"""Bodies with something odd in them: values that no field takes, in every place, and bytes that are no body."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from campaigns.blueprints.api.api import Operation
from tests.blueprints.api.bodies import good
from tests.blueprints.api.calls import declaration

DEEP: Any = None
for _ in range(300):
    DEEP = [DEEP]
HUGE = "1e999999"  # sent as a number
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1.5, 10**30, "", " ", "12", "x" * 5_000, "9999-12-31T23:59:59-14:00", "https://[", "\u202e",
    [], {}, [None], {"a": 1}, [[1]], {"": {"": []}}, DEEP, HUGE, "a\0b", "\ud800", {"\0": 1}, {"\ud800": 1},
)  # fmt: skip
BODIES = (
    b"[]", b"[{}]", b"3", b'"x"', b"null", b"{", b"\xff\xfe", b"\xef\xbb\xbf", b'{"name": NaN}', b'{"name": -Infinity}',
    b'{"a":' * 100_000, b"[" * 100_000, b'{"on": ' + b"9" * 5_000 + b"}", b'{"credit_points": 1e999999}', b"\0",
)  # fmt: skip


def odd_bodies(operation: Operation, ids: dict[str, str]) -> Iterator[tuple[bytes, bool]]:
    """What to send to an operation, and whether it must be refused."""
    for body in mutants(good(operation, ids)):
        yield json.dumps(body).replace(f'"{HUGE}"', HUGE).encode(), forbidden(operation, body)
    yield from ((body, body != b"\xef\xbb\xbf") for body in BODIES)


def mutants(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each value replaced by odd ones, each field left out, one field too many."""
    for path in places(body):
        yield from (with_odd(body, path, odd) for odd in ODD)
    yield from ({key: part for key, part in body.items() if key != left_out} for left_out in body)
    yield {**body, "unknown": 1}


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key)
        yield from places(part, (*path, key))


def with_odd(body: dict[str, Any], path: tuple[Any, ...], odd: Any) -> dict[str, Any]:
    """The body with another value at a path."""
    changed = copy.deepcopy(body)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = odd
    return changed


def forbidden(operation: Operation, body: dict[str, Any]) -> bool:
    """Whether the document itself forbids a body, or no database holds it."""
    assert operation.body is not None
    schema = {"$ref": f"#/components/schemas/{operation.body.__name__}", "components": declaration()["components"]}
    written = json.dumps(body)
    return not Draft202012Validator(schema).is_valid(body) or "\\u0000" in written or "\\ud800" in written
