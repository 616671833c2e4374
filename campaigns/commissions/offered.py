"""What terms may promise beside the two plain rates, and what of it is refused when they are offered.

Each key has one check that names every wrong field of it. None has a default: terms that don't speak of a thing keep
the hash they were accepted under. Only inside a thing that is spoken of is what was left out written down
(`tiers_apply`, `leads.qualified_seconds`), so that an acceptance says all it means.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from campaigns.errors import Said
from campaigns.money import LARGEST_MINOR

Errors = dict[str, list[str]]

# Rates whose sum passes this would bill a brand for more than it sold.
WHOLE_BPS = 10_000
MOST_STEPS = 10
MOST_NAMES = 500
# A shorter call is no talk: the threshold our first call campaigns were paid by.
QUALIFIED_SECONDS = 15
LEAD_AMOUNTS = ("per_lead_minor", "per_qualified_minor", "per_closed_minor", "plan_base_minor")
LEAD_KEYS = frozenset({*LEAD_AMOUNTS, "agency_per_lead_minor", "qualified_seconds", "plan_leads"})


def folded(name: str) -> str:
    """A category or SKU as it is compared: without case and outer spaces.

    >>> folded("  Skin Care ")
    'skin care'
    """
    return name.strip().casefold()


def whole_number(errors: Errors, field: str, value: object, most: int, least: int = 0) -> None:
    """Note the field as wrong unless its value is an integer within the bounds, both included."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        if least:
            errors[field] = [Said("must be a whole number from %(least)s to %(most)s", least=least, most=most)]
        else:
            errors[field] = [Said("must be a whole number from 0 to %(most)s", most=most)]


def written_out(terms: dict[str, Any]) -> None:
    """Write down what terms leave unsaid of a thing they do speak of."""
    if "tiers" in terms:
        terms.setdefault("tiers_apply", "marginal")
    if isinstance(terms.get("leads"), Mapping):
        terms["leads"] = {"qualified_seconds": QUALIFIED_SECONDS, **terms["leads"]}


def check_additions(terms: Mapping[str, Any], errors: Errors) -> None:
    """Note every wrong field of what the terms say beside the plain rates."""
    for key, check in CHECKS.items():
        if key in terms:
            check(errors, f"terms.{key}", terms[key])
    if "tiers_apply" in terms and "tiers" not in terms:
        errors["terms.tiers_apply"] = [Said("stands only beside tiers")]
    if terms.get("customers") == "new" and "returning_rate_bps" in terms:
        errors["terms.returning_rate_bps"] = [Said("can't stand where only new customers earn")]


def check_sums(terms: Mapping[str, Any], errors: Errors) -> None:
    """Note every rate that passes the whole sale together with the agency's; the terms are otherwise right."""
    for field, rate_bps in _rates_beside(terms):
        if rate_bps + terms["agency_rate_bps"] > WHOLE_BPS:
            errors[field] = [Said("together with the agency's rate it passes 100 %")]


def _rates_beside(terms: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for place, tier in enumerate(terms.get("tiers", ())):
        yield f"terms.tiers.{place}.rate_bps", tier["rate_bps"]
    for key in ("category_rates", "sku_rates"):
        for name, rate_bps in terms.get(key, {}).items():
            yield f"terms.{key}.{name}", rate_bps
    if "returning_rate_bps" in terms:
        yield "terms.returning_rate_bps", terms["returning_rate_bps"]
    for key, field in (("recurring", "rate_bps"), ("settlement", "partner_rate_bps")):
        if field in terms.get(key, {}):
            yield f"terms.{key}.{field}", terms[key][field]


def _amount(errors: Errors, field: str, value: object) -> None:
    whole_number(errors, field, value, LARGEST_MINOR)


def _amount_above_zero(errors: Errors, field: str, value: object) -> None:
    whole_number(errors, field, value, LARGEST_MINOR, least=1)


def _rate(errors: Errors, field: str, value: object) -> None:
    whole_number(errors, field, value, WHOLE_BPS)


def _one_of(*words: str) -> Callable[[Errors, str, object], None]:
    def check(errors: Errors, field: str, value: object) -> None:
        if value not in words:
            errors[field] = [Said("must be %(one)s or %(other)s", one=words[0], other=words[1])]

    return check


def _object(errors: Errors, field: str, value: object, keys: frozenset[str]) -> Mapping[str, Any]:
    """The value as an object of these keys; an empty one, and a note, where it is none."""
    if not isinstance(value, Mapping):
        errors[field] = [Said("must be an object")]
        return {}
    for key in value.keys() - keys:
        errors[f"{field}.{key}"] = [Said("is not a term this version computes")]
    return value


def _objects(errors: Errors, field: str, value: object, keys: frozenset[str]) -> list[tuple[str, Mapping[str, Any]]]:
    """The fields and objects of a list; none, and a note, where it is no list of the right length."""
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MOST_STEPS:
        errors[field] = [Said("must be a list of 1 to %(most)s", most=MOST_STEPS)]
        return []
    fields = [f"{field}.{place}" for place in range(len(value))]
    return [(name, _object(errors, name, one, keys)) for name, one in zip(fields, value, strict=True)]


def _tiers(errors: Errors, field: str, value: object) -> None:
    tiers = _objects(errors, field, value, frozenset({"from_sales_minor", "rate_bps"}))
    for name, tier in tiers:
        _amount_above_zero(errors, f"{name}.from_sales_minor", tier.get("from_sales_minor"))
        _rate(errors, f"{name}.rate_bps", tier.get("rate_bps"))
    if any(named.startswith(f"{field}.") for named in errors):
        return
    starts = [tier["from_sales_minor"] for _, tier in tiers]
    if any(later <= earlier for earlier, later in zip(starts, starts[1:], strict=False)):
        errors[field] = [Said("each tier must start above the one before")]


def _named_rates(errors: Errors, field: str, value: object) -> None:
    if not isinstance(value, Mapping) or not 1 <= len(value) <= MOST_NAMES:
        errors[field] = [Said("must be an object of 1 to %(most)s rates", most=MOST_NAMES)]
        return
    seen = set()
    for name, rate_bps in value.items():
        _rate(errors, f"{field}.{name}", rate_bps)
        if not folded(name):
            errors[field] = [Said("a rate needs a name")]
        elif folded(name) in seen:
            errors[f"{field}.{name}"] = [Said("is named twice")]
        seen.add(folded(name))


def _bonus(errors: Errors, field: str, value: object) -> None:
    for name, bonus in _objects(errors, field, value, frozenset({"at_orders", "at_sales_minor", "amount_minor"})):
        _amount_above_zero(errors, f"{name}.amount_minor", bonus.get("amount_minor"))
        targets = bonus.keys() & {"at_orders", "at_sales_minor"}
        if len(targets) != 1:
            errors[name] = [Said("needs at_orders or at_sales_minor, and only one of them")]
        for target in targets:
            _amount_above_zero(errors, f"{name}.{target}", bonus[target])


def _recurring(errors: Errors, field: str, value: object) -> None:
    recurring = _object(errors, field, value, frozenset({"months", "rate_bps"}))
    if recurring.get("months", 0) is not None:
        whole_number(errors, f"{field}.months", recurring.get("months"), 120, least=1)
    if "rate_bps" in recurring:
        _rate(errors, f"{field}.rate_bps", recurring["rate_bps"])


def _leads(errors: Errors, field: str, value: object) -> None:
    leads = _object(errors, field, value, LEAD_KEYS)
    wrong = len(errors)
    for key in leads.keys() & {*LEAD_AMOUNTS, "agency_per_lead_minor"}:
        _amount(errors, f"{field}.{key}", leads[key])
    if "qualified_seconds" in leads:
        whole_number(errors, f"{field}.qualified_seconds", leads["qualified_seconds"], 86_400)
    if "plan_leads" in leads:
        _amount_above_zero(errors, f"{field}.plan_leads", leads["plan_leads"])
    if ("plan_leads" in leads) != ("plan_base_minor" in leads):
        errors[field] = [Said("plan_leads and plan_base_minor stand together")]
    elif len(errors) == wrong and not any(leads.get(key) for key in LEAD_AMOUNTS):
        errors.setdefault(field, [Said("must pay something for a contact")])


def _settlement(errors: Errors, field: str, value: object) -> None:
    settlement = _object(errors, field, value, frozenset({"collects", "partner_rate_bps"}))
    _one_of("brand", "partner")(errors, f"{field}.collects", settlement.get("collects"))
    if "partner_rate_bps" in settlement or settlement.get("collects") == "partner":
        _rate(errors, f"{field}.partner_rate_bps", settlement.get("partner_rate_bps"))


CHECKS: dict[str, Callable[[Errors, str, object], None]] = {
    "fixed_per_order_minor": _amount,
    "tiers": _tiers,
    "tiers_apply": _one_of("marginal", "whole"),
    "category_rates": _named_rates,
    "sku_rates": _named_rates,
    "bonus": _bonus,
    "cap_minor": _amount_above_zero,
    "customers": _one_of("all", "new"),
    "returning_rate_bps": _rate,
    "recurring": _recurring,
    "leads": _leads,
    "settlement": _settlement,
}
