"""Terms as the first values of their form: amounts in major units, as the fields take them back."""

from collections.abc import Callable, Mapping
from typing import Any

from campaigns.blueprints.console.terms_typed import AMOUNTS, LEADS, PLAIN
from campaigns.money import format_minor

Amount = Callable[[int | None], str]


def written_terms(terms: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Complete terms as a form's first values."""

    def amount(value: int | None) -> str:
        return "" if value is None else format_minor(value, currency).replace(",", "")

    return {
        **{name: terms.get(name) for name in (*PLAIN, "tiers_apply", "customers", "returning_rate_bps")},
        **terms["attribution"],
        **{name: amount(terms.get(name)) for name in AMOUNTS},
        **_rows(terms, amount),
        **_parts(terms, amount),
    }


def _rows(terms: Mapping[str, Any], amount: Amount) -> dict[str, Any]:
    rows: dict[str, Any] = {
        key: [{"name": name, "rate_bps": rate} for name, rate in terms.get(key, {}).items()]
        for key in ("category_rates", "sku_rates")
    }
    rows["tiers"] = [
        {"from_sales_minor": amount(tier["from_sales_minor"]), "rate_bps": tier["rate_bps"]}
        for tier in terms.get("tiers", ())
    ]
    rows["bonus"] = [_bonus(bonus, amount) for bonus in terms.get("bonus", ())]
    return rows


def _bonus(bonus: Mapping[str, Any], amount: Amount) -> dict[str, Any]:
    counts = "at_orders" if "at_orders" in bonus else "at_sales_minor"
    target = str(bonus["at_orders"]) if counts == "at_orders" else amount(bonus["at_sales_minor"])
    return {"counts": counts, "target": target, "amount_minor": amount(bonus["amount_minor"])}


def _parts(terms: Mapping[str, Any], amount: Amount) -> dict[str, Any]:
    leads, recurring, settlement = (terms.get(name, {}) for name in ("leads", "recurring", "settlement"))
    return {
        "recurring_months": recurring.get("months"),
        "recurring_for_life": "months" in recurring and recurring["months"] is None,
        "recurring_rate_bps": recurring.get("rate_bps"),
        **{f"leads_{name}": amount(leads.get(name)) for name in LEADS},
        **{f"leads_{name}": leads.get(name) for name in ("qualified_seconds", "plan_leads")},
        "collects": settlement.get("collects", ""),
        "partner_rate_bps": settlement.get("partner_rate_bps"),
    }
