"""A payment's facts as a paper freezes them, so that it can be worked out again later with the tables of then.

Amount, day and currency stand on the paper by themselves; what earlier payments came to is asked anew, since they may
have been corrected. Papers from before facts were frozen have a few of them only.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from campaigns.deductions.facts import Earlier, Facts

APART = frozenset({"on", "gross_minor", "currency", "this_month", "this_year", "others"})
KEPT = tuple(field.name for field in fields(Facts) if field.name not in APART)


def frozen_facts(facts: Facts) -> dict[str, Any]:
    """The facts as primitives.

    >>> frozen_facts(Facts(date(2026, 6, 30), 5, credit_points=Decimal("2.25")))["credit_points"]
    '2.25'
    """
    kept = {name: getattr(facts, name) for name in KEPT}
    return kept | {
        "credit_points": None if facts.credit_points is None else str(facts.credit_points),
        "coordination": [list(step) for step in facts.coordination],
        "others": {name: _plain(value) for name, value in facts.others.items()},
    }


def whole(frozen: Mapping[str, Any]) -> bool:
    """Whether everything that decided the deductions is there."""
    return all(name in frozen for name in KEPT)


def thawed_facts(
    frozen: Mapping[str, Any],
    on: date,
    gross_minor: int,
    currency: str,
    this_month: Earlier | None,
    this_year: Earlier | None,
) -> Facts:
    """The facts of a payment made before, as they were; a fact the paper doesn't have is as where nobody gave it."""
    points = frozen.get("credit_points")
    known = {name: frozen[name] for name in KEPT if name in frozen}
    known |= {
        "credit_points": None if points is None else Decimal(points),
        "coordination": tuple((upto, bps) for upto, bps in frozen.get("coordination", ())),
        "others": {name: _thawed(value) for name, value in frozen.get("others", {}).items()},
    }
    return Facts(on=on, gross_minor=gross_minor, currency=currency, this_month=this_month, this_year=this_year, **known)


def _plain(value: Decimal | bool | str) -> Any:
    return {"number": str(value)} if isinstance(value, Decimal) else value


def _thawed(value: Any) -> Decimal | bool | str:
    if isinstance(value, dict):
        return Decimal(value["number"])
    kept: bool | str = value
    return kept
