"""What a table's rows hold, told by the rows it has, and the reading of a new row's figures.

A figure is a list of steps (an upper bound and a rate each), an amount in minor units (its name ends in `_minor`) or
a rate (a decimal string from 0 to 1). A new row has the figures that the newest one has, neither more nor fewer; what
is none of the three is not for people to type and is taken over from that one.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from campaigns.errors import Invalid, Said
from campaigns.money import LARGEST_MINOR

MOST_STEPS = 20
MOST_DECIMALS = 6
Errors = dict[str, list[str]]


class Figure(NamedTuple):
    """One figure of a table: the name it is kept by, and `steps`, `amount` or `rate`."""

    name: str
    kind: str


def shape_of(values: Mapping[str, Any]) -> tuple[Figure, ...]:
    """The figures a person types for a row like this one.

    >>> shape_of({"month_minor": 644385, "hour_minor": 3540})
    (Figure(name='month_minor', kind='amount'), Figure(name='hour_minor', kind='amount'))
    >>> shape_of({"rate": "0.18", "currency": "ILS"})
    (Figure(name='rate', kind='rate'),)
    """
    kinds = ((name, _kind(name, value)) for name, value in values.items())
    return tuple(Figure(name, kind) for name, kind in kinds if kind)


def _kind(name: str, value: object) -> str:
    if isinstance(value, list):
        return "steps"
    if name.endswith("_minor"):
        return "amount"
    return "rate" if isinstance(value, str) and _decimal(value) is not None else ""


def read_figures(values: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a new row, in the shape of `values`; raises Invalid with every figure that is wrong."""
    errors: Errors = {}
    shape = shape_of(values)
    known = {figure.name for figure in shape}
    readers = {"steps": _steps, "amount": _amount, "rate": _rate}
    read = {figure.name: readers[figure.kind](figure.name, sent.get(figure.name), errors) for figure in shape}
    for name in sent:
        if name not in known:
            errors[name] = [Said("is no figure of this table")]
    if errors:
        raise Invalid(errors)
    return {name: read.get(name, value) for name, value in values.items()}


def _steps(name: str, sent: object, errors: Errors) -> list[dict[str, Any]]:
    """Steps with bounds that grow, the last one without a bound: else what lies above it would cost nothing."""
    if not isinstance(sent, Sequence) or isinstance(sent, str) or not 0 < len(sent) <= MOST_STEPS:
        errors[name] = [Said("must be a list of 1 to %(most)s steps", most=MOST_STEPS)]
        return []
    steps: list[dict[str, Any]] = []
    reached = 0
    for place, step in enumerate(sent, start=1):
        if not isinstance(step, Mapping) or not step.keys() <= {"upto_minor", "rate"}:
            errors[name] = [Said("a step is an upper bound and a rate")]
            return []
        upto = step.get("upto_minor")
        told = _bound_refused(upto, reached, place, len(sent))
        if told:
            errors.setdefault(name, []).append(told)
        rate: Errors = {}
        steps.append({"upto_minor": upto, "rate": _rate(name, step.get("rate"), rate)})
        for reason in rate.get(name, []):
            errors.setdefault(name, []).append(Said("step %(place)s: the rate %(reason)s", place=place, reason=reason))
        reached = upto if isinstance(upto, int) and _is_amount(upto) else reached
    return steps


def _bound_refused(upto: object, reached: int, place: int, count: int) -> Said | None:
    if place == count:
        return None if upto is None else Said("the last step has no upper bound: it holds for all that is above")
    if upto is None:
        return Said("step %(place)s: the upper bound is missing; only the last step has none", place=place)
    if not _is_amount(upto) or not isinstance(upto, int) or upto <= reached:
        return Said("step %(place)s: the upper bound must be higher than the one before", place=place)
    return None


def _amount(name: str, sent: object, errors: Errors) -> int:
    if sent is None:
        errors[name] = [Said("is missing")]
    elif not _is_amount(sent):
        errors[name] = [Said("must be an amount of zero or more")]
    return sent if isinstance(sent, int) else 0


def _rate(name: str, sent: object, errors: Errors) -> str:
    rate = _decimal(sent) if isinstance(sent, str) else None
    if sent is None or sent == "":
        errors[name] = [Said("is missing")]
    elif rate is None or not 0 <= rate <= 1 or rate != rate.quantize(Decimal(1).scaleb(-MOST_DECIMALS)):
        errors[name] = [Said("must be from 0% to 100%, with four decimals at most")]
    return f"{rate.normalize():f}" if rate is not None else ""


def _is_amount(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_MINOR


def _decimal(text: str) -> Decimal | None:
    """A plain decimal number; None for anything else, an exponent and infinity too."""
    if not text.isascii() or not text.replace(".", "", 1).isdigit() or len(text) > 20:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
