"""Terms: what a sale earns, as plain data.

Terms are a JSON object: stored with every version offered, copied into every acceptance, hashed in canonical form.
An order is worth `base` (its net, or with tax), less what was given back of it; the influencer's and the agency's
shares are each rounded once, and the brand is charged their sum. A key this version does not compute is refused when
terms are offered: a term that pays nothing would be a broken promise. What else may be promised: `offered.py`; what
it comes to: `run.py` and `contacts_earned.py`.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from campaigns.commissions.offered import (
    CHECKS,
    WHOLE_BPS,
    Errors,
    check_additions,
    check_sums,
    whole_number,
    written_out,
)
from campaigns.commissions.sale import Sale, SoldLine
from campaigns.errors import Invalid, Said

# Most callers want terms and a sale together.
__all__ = [
    "Sale",
    "SoldLine",
    "canonical",
    "complete",
    "customer_lock_days",
    "fingerprint",
    "registered_customer_days",
    "with_overrides",
]

DEFAULTS: dict[str, Any] = {
    "agency_rate_bps": 0,
    "base": "net",
    "attribution": {"precedence": "coupon", "link_window_days": 30},
    "return_window_days": 14,
}
KEYS = frozenset({"influencer_rate_bps", *DEFAULTS, *CHECKS})
# These have no default: terms that don't speak of them keep the hash they were accepted under.
ATTRIBUTION_DAYS = ("customer_lock_days", "registered_customer_days")
ATTRIBUTION_KEYS = frozenset({"precedence", "link_window_days", *ATTRIBUTION_DAYS})
# Whom a campaign pays for at all (`customers`) is everybody's; what it pays may differ.
OVERRIDABLE = frozenset({"influencer_rate_bps", "agency_rate_bps", "base", *CHECKS}) - {"customers"}


def complete(offered: Mapping[str, Any]) -> dict[str, Any]:
    """Terms with the defaults filled in; raises Invalid naming every wrong or unknown field as `terms.<field>`."""
    errors: Errors = {}
    for key in offered.keys() - KEYS:
        errors[f"terms.{key}"] = [Said("is not a term this version computes")]
    attribution = offered.get("attribution", {})
    if not isinstance(attribution, Mapping):
        raise Invalid({"terms.attribution": [Said("must be an object")]})
    for key in attribution.keys() - ATTRIBUTION_KEYS:
        errors[f"terms.attribution.{key}"] = [Said("is not a term this version computes")]
    terms = {**DEFAULTS, **{key: offered[key] for key in offered.keys() & KEYS}}
    terms["attribution"] = {**DEFAULTS["attribution"], **attribution}
    written_out(terms)
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


def registered_customer_days(terms: Mapping[str, Any]) -> int:
    """How many days a customer stays the influencer's who registered them; 0: nobody can be registered.

    >>> registered_customer_days({"attribution": {"precedence": "coupon", "registered_customer_days": 90}})
    90
    """
    return int(terms["attribution"].get("registered_customer_days", 0))


def with_overrides(terms: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The terms of one participant; raises Invalid for an override of what everyone shares.

    An override of None takes away what the campaign promises beside the plain rates: `{"cap_minor": None}`.
    """
    wrong = overrides.keys() - OVERRIDABLE
    if wrong:
        raise Invalid({f"terms.{key}": [Said("can't differ between participants")] for key in wrong})
    merged = {**terms, **overrides}
    taken = {key for key in CHECKS if merged.get(key, "") is None}
    if "tiers" in taken:
        taken.add("tiers_apply")
    return complete({key: value for key, value in merged.items() if key not in taken})


def _check(terms: Mapping[str, Any], errors: Errors) -> None:
    whole_number(errors, "terms.influencer_rate_bps", terms.get("influencer_rate_bps"), WHOLE_BPS)
    whole_number(errors, "terms.agency_rate_bps", terms["agency_rate_bps"], WHOLE_BPS)
    whole_number(errors, "terms.return_window_days", terms["return_window_days"], 365)
    whole_number(errors, "terms.attribution.link_window_days", terms["attribution"]["link_window_days"], 365)
    for name in ATTRIBUTION_DAYS:
        if name in terms["attribution"]:
            whole_number(errors, f"terms.attribution.{name}", terms["attribution"][name], 365)
    if terms["base"] not in ("net", "gross"):
        errors["terms.base"] = [Said("must be net or gross")]
    if terms["attribution"]["precedence"] not in ("coupon", "link"):
        errors["terms.attribution.precedence"] = [Said("must be coupon or link")]
    check_additions(terms, errors)
    if errors:
        return
    if terms["influencer_rate_bps"] + terms["agency_rate_bps"] > WHOLE_BPS:
        errors["terms.agency_rate_bps"] = [Said("together with the influencer's rate it passes 100 %")]
    check_sums(terms, errors)


def canonical(value: Mapping[str, Any]) -> str:
    """The one spelling of a JSON object: sorted keys, no spaces; what hashes are taken of."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def fingerprint(value: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()
