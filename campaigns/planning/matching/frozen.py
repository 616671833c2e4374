"""Reasons as a proposal keeps them: primitives, with each sentence's facts apart so that any language can say it."""

from typing import Any

from campaigns.errors import Said
from campaigns.planning.matching.facts import Expected, Ranked, Reason


def contents_of(one: Ranked) -> dict[str, Any]:
    """Both scores' reasons and the expected sales, as JSON keeps them."""
    return {
        "fit": [_reason(reason) for reason in one.fit],
        "fairness": [_reason(reason) for reason in one.fairness],
        "expected": {
            "basis": one.expected.basis,
            "sample": one.expected.sample,
            "low_minor": one.expected.low_minor,
            "high_minor": one.expected.high_minor,
        },
    }


def read_reasons(frozen: list[dict[str, Any]]) -> tuple[Reason, ...]:
    """The reasons of one score again."""
    return tuple(
        Reason(one["name"], one["points"], one["weight"], Said(one["sentence"], **one["facts"])) for one in frozen
    )


def read_expected(frozen: dict[str, Any]) -> Expected:
    """The expected sales again."""
    return Expected(**frozen)


def _reason(reason: Reason) -> dict[str, Any]:
    why = reason.why
    facts = {"name": reason.name, "points": reason.points, "weight": reason.weight}
    return {**facts, "sentence": why.template, "facts": why.facts}
