"""Terms before they are offered: in words, and in money on the example order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from campaigns.commissions.example import Example, example
from campaigns.commissions.terms import complete


@dataclass(frozen=True)
class Shown:
    """Complete terms, and what the first order and several would earn by them."""

    terms: Mapping[str, Any]
    currency: str
    percent_off: int
    example: Example


def shown(offered: Mapping[str, Any], percent_off: int, currency: str) -> Shown:
    """What would be offered; raises Invalid as offering it would."""
    terms = complete(offered)
    return Shown(terms, currency, percent_off, example(terms, percent_off, currency))


def only_a_look() -> bool:
    """Whether the example was asked for, and nothing is to be kept."""
    return "look" in request.form
