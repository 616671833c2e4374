"""Reading a scheme from data: everything in it is known and fits together, or it is refused with its line named."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from campaigns.deductions.expressions import NUMBER, TRUTH, WORD, Expression, read_expression
from campaigns.deductions.facts import KINDS
from campaigns.deductions.rounding import MODES, Rounding
from campaigns.deductions.rules import AmountRule, FlatRule, Rule, StepsRule, TableRule
from campaigns.deductions.schemes import BASES, SIDES, TOLD, Credit, Line, Need, Scheme
from campaigns.errors import Unreadable

T = TypeVar("T")
Kinds = Mapping[str, str]
Written = Mapping[str, Any]
_SCHEME = {"code", "version", "name", "countries", "routes", "valid_from", "valid_to", "currency", "lines"}
_SCHEME_MAY = {"needs", "facts", "by_choice", "note"}
_LINE = {"code", "label", "side", "base", "basis", "rule", "legal_ref"}
_LINE_MAY = {"print", "active", "applies_if", "minimum_base", "ceiling", "floor", "credits", "rounding", "note"}
_CODE = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_TABLE = re.compile(r"[A-Z]{2}(\.[a-z0-9_]+)+", re.ASCII)


class MalformedScheme(Unreadable):
    """Raised when a scheme can't be read: nothing is worked out with a part of it."""


def read_scheme(written: Written) -> Scheme:
    """A scheme as its file says it; raises MalformedScheme naming the scheme, the line and what is wrong there."""
    code = str(written.get("code", "without a code"))
    try:
        return _scheme(written)
    except (Unreadable, KeyError, TypeError, ValueError) as error:
        raise MalformedScheme(f"scheme {code}: {error}") from error


def _scheme(written: Written) -> Scheme:
    _only(written, _SCHEME, _SCHEME_MAY)
    declared = _declared(written.get("facts", {}))
    kinds = {**KINDS, **dict(declared)}
    return Scheme(
        code=_text(written, "code"),
        version=_version(written["version"]),
        name=_text(written, "name"),
        countries=_texts(written["countries"]),
        routes=_texts(written["routes"]),
        valid_from=date.fromisoformat(written["valid_from"]),
        valid_to=date.fromisoformat(written["valid_to"]) if written["valid_to"] else None,
        currency=written["currency"],
        lines=_lines(written["lines"], kinds),
        needs=tuple(_need(need, kinds) for need in written.get("needs", ())),
        declared=declared,
        by_choice=bool(written.get("by_choice", False)),
    )


def _declared(facts: Written) -> tuple[tuple[str, str], ...]:
    for name, kind in facts.items():
        _require(bool(_CODE.fullmatch(name)) and name not in KINDS, f"the fact {name!r} can't be declared")
        _require(kind in {NUMBER, TRUTH, WORD}, f"the fact {name!r} is a {kind!r}")
    return tuple(facts.items())


def _need(written: Written, kinds: Kinds) -> Need:
    _only(written, {"label", "met_if"})
    return Need(_text(written, "label"), read_expression(written["met_if"], kinds, TRUTH))


def _lines(written: list[Written], kinds: Kinds) -> tuple[Line, ...]:
    """The lines in their order: each may name those before it, and none of its own code."""
    lines: list[Line] = []
    for place, entry in enumerate(written, start=1):
        code = entry.get("code") if isinstance(entry, Mapping) else entry
        earlier = {line.code: NUMBER for line in lines if line.code != code}
        with _naming(f"line {place} ({code})"):
            line = _line(entry, {**kinds, **earlier})
            _require(line.code not in kinds, "its code is the name of a fact")
            same = [other for other in lines if other.code == line.code]
            _require(all(other.side == line.side for other in same), "its code has another side above")
            _require(all(other.label == line.label for other in same), "its code has another label above")
            unreached = [other for other in same if other.applies_if is None and other.active]
            _require(not unreached, "a line of its code above always applies")
        lines.append(line)
    return tuple(lines)


def _line(written: Written, kinds: Kinds) -> Line:
    _only(written, _LINE, _LINE_MAY)
    side, basis, printed = written["side"], written["basis"], _yes(written, "print")
    _require(bool(_CODE.fullmatch(_text(written, "code"))), "its code is no name")
    _require(side in SIDES, f"side: {side!r} is none of {', '.join(SIDES)}")
    _require(basis in BASES, f"basis: {basis!r} is none of {', '.join(BASES)}")
    _require(printed or side in TOLD, "print: what moves money is on paper, or the paper would not add up")

    def number(name: str) -> Expression | None:
        return _optional(name, written, lambda text: read_expression(text, kinds, NUMBER))

    with _naming("base"):
        base = read_expression(written["base"], kinds, NUMBER)
    with _naming("rule"):
        rule = _rule(written["rule"], kinds)
    return Line(
        code=written["code"],
        label=_text(written, "label"),
        side=side,
        rule=rule,
        base=base,
        basis=basis,
        printed=printed,
        active=_yes(written, "active"),
        applies_if=_optional("applies_if", written, lambda text: read_expression(text, kinds, TRUTH)),
        minimum_base=number("minimum_base"),
        ceiling=number("ceiling"),
        floor=number("floor"),
        credits=tuple(_credit(credit, kinds) for credit in written.get("credits", ())),
        rounding=_optional("rounding", written, _rounding) or Rounding(),
        legal_ref=_text(written, "legal_ref"),
    )


def _rule(written: Written, kinds: Kinds) -> Rule:
    """One of `{rate}`, `{table, times?, first_upto?}`, `{steps, above}`, `{amount}`."""
    kind = next((kind for kind in ("rate", "table", "steps", "amount") if kind in written), "")
    _require(bool(kind), "it has no rate, table, steps or amount")
    _only(written, {kind}, {"table": {"times", "first_upto"}, "steps": {"above"}}.get(kind, ()))

    def number(name: str) -> Expression:
        return read_expression(written[name], kinds, NUMBER)

    if kind == "rate":
        return FlatRule(number("rate"))
    if kind == "amount":
        return AmountRule(number("amount"))
    if kind == "steps":
        _require(kinds.get(written["steps"]) == "steps", f"{written['steps']!r} is no list of steps")
        return StepsRule(written["steps"], number("above"))
    _require(bool(_TABLE.fullmatch(written["table"])), f"{written['table']!r} is no name of a table")
    wide, narrow = (number(name) if name in written else None for name in ("times", "first_upto"))
    return TableRule(written["table"], wide, narrow)


def _credit(written: Written, kinds: Kinds) -> Credit:
    with _naming("credits"):
        _only(written, {"units", "each"})
        return Credit(*(read_expression(written[name], kinds, NUMBER) for name in ("units", "each")))


def _rounding(written: Written) -> Rounding:
    _only(written, {"mode", "quantum"})
    _require(written["mode"] in MODES, f"{written['mode']!r} is none of {', '.join(MODES)}")
    quantum = written["quantum"]
    _require(type(quantum) is int and quantum > 0, "the quantum is a whole number of minor units")
    return Rounding(written["mode"], quantum)


def _optional(name: str, written: Written, read: Callable[[Any], T]) -> T | None:
    if name not in written:
        return None
    with _naming(name):
        return read(written[name])


@contextmanager
def _naming(place: str) -> Iterator[None]:
    """Say where it was that something can't be read."""
    try:
        yield
    except (Unreadable, KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{place}: {error}") from error


def _require(holds: bool, reason: str) -> None:
    if not holds:
        raise Unreadable(reason)


def _only(written: Written, must: Collection[str], may: Collection[str] = ()) -> None:
    _require(isinstance(written, Mapping), f"{str(written)[:40]!r} is no object")
    missing, unknown = sorted(set(must) - set(written)), sorted(set(written) - {*must, *may})
    _require(not missing, f"{', '.join(missing)} is missing")
    _require(not unknown, f"{', '.join(unknown)} is not known here")


def _text(written: Written, name: str) -> str:
    _require(isinstance(written[name], str) and bool(written[name].strip()), f"{name} is no text")
    return str(written[name])


def _texts(written: object) -> tuple[str, ...]:
    _require(isinstance(written, list) and all(isinstance(one, str) for one in written), f"{written!r} is no list")
    return tuple(written) if isinstance(written, list) else ()


def _yes(written: Written, name: str) -> bool:
    _require(isinstance(written.get(name, True), bool), f"{name} is neither true nor false")
    return bool(written.get(name, True))


def _version(written: object) -> int:
    _require(type(written) is int and written > 0, "its version is a number from 1 on")
    return written if isinstance(written, int) else 0
