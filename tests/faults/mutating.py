"""Every way to spoil a message: its values, its shape, its bytes, and what the headers say of them.

All chance comes from the generator that is given, so a seed brings the same bodies again. A value that JSON has no
word for, or that Python would write in another way, is put in as the very bytes that are to be sent.
"""

import copy
import gzip
import json
from collections.abc import Callable, Iterator
from functools import cache
from random import Random
from typing import Any, NamedTuple

from tests.faults.odd_values import ENCODINGS, NAMES, TOPICS, TYPES, VALUES

LIMIT = 2 * 1024 * 1024
MARK = "a value of bytes, number "
Place = tuple[Any, ...]


class Mutant(NamedTuple):
    """A message and what was done to it; `topic` replaces the message's own where there is one."""

    ways: tuple[str, ...]
    body: bytes
    headers: dict[str, str]
    topic: str | None


def mutate(payload: Any, chance: Random) -> Mutant:
    """Spoil a message in some ways at once, now and then in none. Its payload is changed in place."""
    ways: list[str] = []
    raw: list[bytes] = []
    for _ in range(chance.choice((0, 1, 1, 1, 2, 2, 3))):
        if chance.random() < 0.65:
            payload = _with_value(payload, chance, raw, ways)
        else:
            payload = _done(SHAPES, payload, chance, ways)
    body = written(payload, raw)
    if chance.random() < 0.2:
        body = _doubled_key(body, chance, ways)
    if chance.random() < 0.2:
        body = _done(BYTES, body, chance, ways)
    headers, topic = _labels(chance, ways)
    if headers.get("Content-Encoding", "").startswith("gzip") and chance.random() < 0.5:
        ways.append("in gzip")
        body = bomb() if chance.random() < 0.2 else gzip.compress(body, 1, mtime=0)
    return Mutant(tuple(ways) or ("unspoilt",), body, headers, topic)


def written(payload: Any, raw: list[bytes]) -> bytes:
    """The message as JSON, with the values that are bytes in their places."""
    body = json.dumps(payload).encode()
    for number, value in enumerate(raw):
        body = body.replace(json.dumps(f"{MARK}{number}").encode(), value)
    return body


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    """The path of every value inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key)
        yield from places(part, (*path, key))


def changed(payload: Any, place: Place, change: Callable[[Any], Any]) -> Any:
    """Change one value of a message; at the empty path, all of it."""
    if not place:
        return change(payload)
    owner = _at(payload, place[:-1])
    owner[place[-1]] = change(owner[place[-1]])
    return payload


@cache
def bomb() -> bytes:
    """A gigabyte of nothing, in a megabyte of gzip."""
    return b"".join([gzip.compress(b"\0" * 2**26, 9, mtime=0)] * 16)


def _at(payload: Any, place: Place) -> Any:
    for step in place:
        payload = payload[step]
    return payload


def _somewhere(payload: Any, chance: Random) -> Place:
    found = list(places(payload))
    return chance.choice(found) if found else ()


def _with_value(payload: Any, chance: Random, raw: list[bytes], ways: list[str]) -> Any:
    family = chance.choices(list(VALUES), [1 if "deep" in name or "huge" in name else 6 for name in VALUES])[0]
    ways.append(family)
    raw.append(chance.choice(VALUES[family]))
    return changed(payload, _somewhere(payload, chance), lambda _: f"{MARK}{len(raw) - 1}")


def _done(ways_there_are: dict[str, Callable[[Any, Random], Any]], what: Any, chance: Random, ways: list[str]) -> Any:
    way = chance.choice(list(ways_there_are))
    ways.append(way)
    return ways_there_are[way](what, chance)


def _left_out(payload: Any, chance: Random) -> Any:
    place = _somewhere(payload, chance)
    if not place:
        return {}
    del _at(payload, place[:-1])[place[-1]]
    return payload


def _added(payload: Any, chance: Random) -> Any:
    name: str = chance.choice(NAMES)
    value: Any = chance.choice((None, 1, "x", [], {}, "\0"))
    owners = [(), *(place for place in places(payload) if isinstance(_at(payload, place), dict))]
    return changed(payload, chance.choice(owners), lambda it: it | {name: value} if isinstance(it, dict) else it)


def _repeated(payload: Any, chance: Random) -> Any:
    lists = [place for place in places(payload) if isinstance(_at(payload, place), list)]
    times = chance.choice((2, 2, 3, 50))
    return changed(payload, chance.choice(lists), lambda it: it * times) if lists else [payload] * times


def _exchanged(payload: Any, chance: Random) -> Any:
    other = copy.deepcopy(_at(payload, _somewhere(payload, chance)))
    return changed(payload, _somewhere(payload, chance), lambda _: other)


def _wrapped(payload: Any, chance: Random) -> Any:
    wrap = chance.choice((lambda it: [it], lambda it: {"data": it}, json.dumps))
    return changed(payload, chance.choice([(), _somewhere(payload, chance)]), wrap)


def _other_number(payload: Any, chance: Random) -> Any:
    """An amount, an id or a count that is a little or much off, in the type it had."""
    numbers = [place for place in places(payload) if _is_number(_at(payload, place))]
    factor = chance.choice((-1, 0, 2, 10, 1000, 10**9))
    return changed(payload, chance.choice(numbers), lambda it: _times(it, factor)) if numbers else payload


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) or (isinstance(value, str) and value.replace(".", "", 1).isdecimal())


def _times(value: Any, factor: int) -> Any:
    if not isinstance(value, str):
        return value * factor
    whole, point, cents = value.partition(".")
    return f"{int(whole or 0) * factor}{point}{cents}"


def _doubled_key(body: bytes, chance: Random, ways: list[str]) -> bytes:
    """One member of the outermost object a second time, with another value."""
    try:
        names = list(json.loads(body))
    except (ValueError, RecursionError, TypeError):
        return body
    if not body.startswith(b"{") or not names:
        return body
    ways.append("a key twice")
    value = chance.choice(VALUES[chance.choice(("another type", "beyond 63 bits", "half a character", "NUL"))])
    member = json.dumps(chance.choice(names)).encode() + b": " + value
    return b"{" + member + b", " + body[1:] if chance.random() < 0.5 else body[:-1] + b", " + member + b"}"


def _flipped(body: bytes, chance: Random) -> bytes:
    spoilt = bytearray(body or b" ")
    for _ in range(chance.choice((1, 1, 2, 8))):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    return bytes(spoilt)


def _inserted(body: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + chance.choice((b"\0", b"\xff", b"\xc0\x80", b"\n", b'"', b"}", b"\\", b"\x1f")) + body[at:]


def _in_another_charset(body: bytes, chance: Random) -> bytes:
    text = body.decode("utf-8", "replace").replace("e", "\u05d0\u00e9")
    return text.encode(chance.choice(("utf-16", "utf-32", "latin-1", "cp1255", "utf-16-be", "utf-7")), "replace")


def _instead(body: bytes, chance: Random) -> bytes:
    """Something else altogether."""
    value = chance.choice(VALUES[chance.choice([name for name in VALUES if "huge" not in name])])
    return chance.choice((value, b"", b" \r\n\t", b"webhook_id=7", b"<xml/>", b"\x89PNG\r\n", b"a=1&b=2", b"..", b"\0"))


def _padded(body: bytes, chance: Random) -> bytes:
    return body.ljust(chance.choice((LIMIT - 1, LIMIT, LIMIT + 1)) if chance.random() < 0.1 else len(body) + 3)


SHAPES: dict[str, Callable[[Any, Random], Any]] = {
    "a member less": _left_out,
    "a member more": _added,
    "an item again": _repeated,
    "a value of elsewhere": _exchanged,
    "wrapped": _wrapped,
    "another number": _other_number,
}
BYTES: dict[str, Callable[[bytes, Random], bytes]] = {
    "cut off": lambda body, chance: body[: chance.randrange(len(body) + 1)],
    "bits flipped": _flipped,
    "a byte more": _inserted,
    "another charset": _in_another_charset,
    "byte order mark": lambda body, chance: b"\xef\xbb\xbf" + body,
    "twice": lambda body, chance: body + body,
    "something else": _instead,
    "padded": _padded,
}


def _labels(chance: Random, ways: list[str]) -> tuple[dict[str, str], str | None]:
    headers = {"Content-Type": "application/json"}
    if chance.random() < 0.1:
        ways.append("content type")
        headers["Content-Type"] = chance.choice(TYPES)
    if chance.random() < 0.1:
        ways.append("content encoding")
        headers["Content-Encoding"] = chance.choice(ENCODINGS)
    if chance.random() < 0.05:
        ways.append("topic")
        return headers, chance.choice(TOPICS)
    return headers, None
