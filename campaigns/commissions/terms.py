"""Terms: what a sale earns, as plain data and pure arithmetic.

Terms are a JSON object: stored with every version offered, copied into every acceptance, hashed in canonical form.
An order is worth `base` (its net, or with tax), less what was given back of it; the influencer's and the agency's
shares are each rounded once, and the brand is charged their sum. A key this version does not compute is refused when
terms are offered: a term that pays nothing would be a broken promise.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.errors import Invalid, Said
from campaigns.money import share

DEFAULTS: dict[str, Any] = {
    "agency_rate_bps": 0,
    "base": "net",
    "attribution": {"precedence": "coupon", "link_window_days": 30},
    "return_window_days": 14,
}
KEYS = frozenset({"influencer_rate_bps", "agency_rate_bps", "base", "attribution", "return_window_days"})
# `customer_lock_days` has no default: terms that don't speak of it keep the hash they were accepted under.
ATTRIBUTION_KEYS = frozenset({"precedence", "link_window_days", "customer_lock_days"})
OVERRIDABLE = frozenset({"influencer_rate_bps", "agency_rate_bps", "base"})
# Rates whose sum passes this would bill a brand for more than it sold.
WHOLE_BPS = 10_000


@dataclass(frozen=True)
class Sale:
    """The part of an order that can earn: minor units after discounts, without gift cards bought."""

    net_minor: int
    net_tax_minor: int
    refunded_minor: int
    refunded_tax_minor: int

    def base_minor(self, base: str) -> int:
        """What is left of the sale, without tax (`net`) or with it (`gross`); never negative."""
        left = self.net_minor - self.refunded_minor
        if base == "gross":
            left += self.net_tax_minor - self.refunded_tax_minor
        return max(left, 0)


@dataclass(frozen=True)
class Earning:
    """What one sale earns, in minor units; the brand pays both."""

    influencer_minor: int
    agency_minor: int


NOTHING = Earning(0, 0)


def earning(terms: Mapping[str, Any], sale: Sale) -> Earning:
    """The shares of one sale under `terms`, each rounded half away from zero once.

    >>> earning({"influencer_rate_bps": 1500, "agency_rate_bps": 300, "base": "net"}, Sale(18000, 3240, 0, 0))
    Earning(influencer_minor=2700, agency_minor=540)
    """
    base = sale.base_minor(terms["base"])
    return Earning(share(base, terms["influencer_rate_bps"]), share(base, terms["agency_rate_bps"]))


def complete(offered: Mapping[str, Any]) -> dict[str, Any]:
    """Terms with the defaults filled in; raises Invalid naming every wrong or unknown field as `terms.<field>`."""
    errors: dict[str, list[str]] = {}
    for key in offered.keys() - KEYS:
        errors[f"terms.{key}"] = [Said("is not a term this version computes")]
    attribution = offered.get("attribution", {})
    if not isinstance(attribution, Mapping):
        raise Invalid({"terms.attribution": [Said("must be an object")]})
    for key in attribution.keys() - ATTRIBUTION_KEYS:
        errors[f"terms.attribution.{key}"] = [Said("is not a term this version computes")]
    terms = {**DEFAULTS, **{key: offered[key] for key in offered.keys() & KEYS}}
    terms["attribution"] = {**DEFAULTS["attribution"], **attribution}
    _check(terms, errors)
    if errors:
        raise Invalid(errors)
    return terms


def customer_lock_days(terms: Mapping[str, Any]) -> int:
    """How many days a buyer stays the influencer's who brought them; 0, as where it isn't spoken of, is no lock.

    >>> customer_lock_days({"attribution": {"precedence": "coupon", "link_window_days": 30}})
    0
    """
    return int(terms["attribution"].get("customer_lock_days", 0))


def with_overrides(terms: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The terms of one participant; raises Invalid for an override of what everyone shares."""
    wrong = overrides.keys() - OVERRIDABLE
    if wrong:
        raise Invalid({f"terms.{key}": [Said("can't differ between participants")] for key in wrong})
    return complete({**terms, **overrides})


def _check(terms: Mapping[str, Any], errors: dict[str, list[str]]) -> None:
    _whole_number(errors, "terms.influencer_rate_bps", terms.get("influencer_rate_bps"), WHOLE_BPS)
    _whole_number(errors, "terms.agency_rate_bps", terms["agency_rate_bps"], WHOLE_BPS)
    _whole_number(errors, "terms.return_window_days", terms["return_window_days"], 365)
    _whole_number(errors, "terms.attribution.link_window_days", terms["attribution"]["link_window_days"], 365)
    if "customer_lock_days" in terms["attribution"]:
        _whole_number(errors, "terms.attribution.customer_lock_days", terms["attribution"]["customer_lock_days"], 365)
    if terms["base"] not in ("net", "gross"):
        errors["terms.base"] = [Said("must be net or gross")]
    if terms["attribution"]["precedence"] not in ("coupon", "link"):
        errors["terms.attribution.precedence"] = [Said("must be coupon or link")]
    if not errors and terms["influencer_rate_bps"] + terms["agency_rate_bps"] > WHOLE_BPS:
        errors["terms.agency_rate_bps"] = [Said("together with the influencer's rate it passes 100 %")]


def _whole_number(errors: dict[str, list[str]], field: str, value: object, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        errors[field] = [Said("must be a whole number from 0 to %(most)s", most=most)]


def canonical(value: Mapping[str, Any]) -> str:
    """The one spelling of a JSON object: sorted keys, no spaces; what hashes are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(value: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
