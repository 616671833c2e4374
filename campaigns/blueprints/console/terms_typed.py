"""From a form to terms: what was typed into which field, by the names that the domain has for it.

The domain refuses terms by name (`terms.tiers.0.rate_bps`); every name is noted with its field as it is read, so a
refusal goes beside what was typed, whichever rows were left empty.
"""

from collections.abc import Mapping
from typing import Any

from wtforms import Field, Form

from campaigns.blueprints.console.terms_rows import RowsField
from campaigns.commissions.offered import LEAD_AMOUNTS
from campaigns.commissions.terms import ATTRIBUTION_DAYS
from campaigns.errors import Said, Unreadable
from campaigns.i18n import N_
from campaigns.money import LARGEST_MINOR, parse_minor

PLAIN = ("influencer_rate_bps", "agency_rate_bps", "base", "return_window_days")
AMOUNTS = ("fixed_per_order_minor", "cap_minor")
LEADS = (*LEAD_AMOUNTS, "agency_per_lead_minor")
ATTRIBUTION = ("precedence", "link_window_days", *ATTRIBUTION_DAYS)
NO_AMOUNT = N_("An amount is a number such as 5000 or 5000.50.")
MISSING = N_("This field is required.")


class Typed:
    """What a form says, being read. `places` are the fields by the domain's names."""

    def __init__(self, form: Form, currency: str) -> None:
        self.form, self.currency = form, currency
        self.terms: dict[str, Any] = {}
        self.places: dict[str, Field] = {}
        self.errors: dict[str, list[str]] = {}

    def value(self, name: str, field: Field) -> Any:
        """What a field holds; None where it is empty."""
        self.places[f"terms.{name}"] = field
        return None if field.data is False or field.data == "" else field.data

    def amount(self, name: str, field: Field) -> int | None:
        """Minor units of an amount; None where there is none, or none that can be read, which is noted."""
        text = str(self.value(name, field) or "").strip().replace(",", "")
        try:
            amount = parse_minor(text, self.currency) if text else None
        except Unreadable:
            amount = -1
        if amount is not None and not 0 <= amount <= LARGEST_MINOR:
            self.errors[f"terms.{name}"] = [NO_AMOUNT]
            return None
        return amount

    def whole(self, name: str, field: Field) -> int | None:
        """A whole number typed into a field of text."""
        text = str(self.value(name, field) or "").strip()
        if text and not (text.isascii() and text.isdigit() and len(text) <= 9):
            self.errors[f"terms.{name}"] = [
                Said("must be a whole number from %(least)s to %(most)s", least=1, most=10**9)
            ]
            return None
        return int(text) if text else None

    def required(self, name: str, value: Any) -> Any:
        """A value without which its row says nothing."""
        if value is None and f"terms.{name}" not in self.errors:
            self.errors[f"terms.{name}"] = [MISSING]
        return value


def typed_terms(form: Any, currency: str) -> Typed:
    """What a form says: the terms it asks for, its fields by the domain's names, and what can't be read."""
    typed = Typed(form, currency)
    terms = {name: typed.value(name, form[name]) for name in PLAIN if name in form}
    if "precedence" in form:
        terms["attribution"] = {
            name: told for name in ATTRIBUTION if (told := _attribution(typed, form, name)) is not None
        }
    terms |= _present({name: typed.amount(name, form[name]) for name in AMOUNTS})
    terms |= _tiers(typed, form.tiers, form.tiers_apply)
    for name in ("category_rates", "sku_rates"):
        terms |= _present({name: _named(typed, name, form[name])})
    terms |= _present({"bonus": _bonuses(typed, form.bonus)})
    terms |= _buyers(typed, form)
    terms |= _present({"leads": _leads(typed, form), "settlement": _settlement(typed, form)})
    typed.terms = terms
    return typed


def _present(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value is not None and value not in ({}, [])}


def _attribution(typed: Typed, form: Any, name: str) -> Any:
    told = typed.value(f"attribution.{name}", form[name])
    return None if name in ATTRIBUTION_DAYS and not told else form[name].data


def _tiers(typed: Typed, rows: RowsField, apply: Field) -> dict[str, Any]:
    tiers = []
    typed.places["terms.tiers"] = rows
    for place, row in enumerate(rows.used()):
        name = f"tiers.{place}"
        start = typed.required(
            f"{name}.from_sales_minor", typed.amount(f"{name}.from_sales_minor", row.from_sales_minor)
        )
        rate = typed.required(f"{name}.rate_bps", _rate(typed, f"{name}.rate_bps", row.rate_bps))
        tiers.append({"from_sales_minor": start, "rate_bps": rate})
    return _present({"tiers": tiers, "tiers_apply": typed.value("tiers_apply", apply)}) if tiers else {}


def _rate(typed: Typed, name: str, field: Field) -> int | None:
    typed.places[f"terms.{name}"] = field
    rate: int | None = field.data
    return rate


def _named(typed: Typed, key: str, rows: RowsField) -> dict[str, Any]:
    found: dict[str, Any] = {}
    typed.places[f"terms.{key}"] = rows
    for row in rows.used():
        name = (row["name"].data or "").strip()
        if not name or name in found:
            # Two rows of one name would be one, and nobody would know which.
            typed.places[f"terms.{key}.{name}:"] = row["name"]
            typed.errors[f"terms.{key}.{name}:"] = [Said("is named twice") if name else Said("a rate needs a name")]
            continue
        found[name] = typed.required(f"{key}.{name}", _rate(typed, f"{key}.{name}", row.rate_bps))
    return found


def _bonuses(typed: Typed, rows: RowsField) -> list[dict[str, Any]]:
    found = []
    typed.places["terms.bonus"] = rows
    for place, row in enumerate(rows.used()):
        counts = row.counts.data
        target = f"bonus.{place}.{counts}"
        read = typed.whole if counts == "at_orders" else typed.amount
        reached = typed.required(target, read(target, row.target))
        amount = f"bonus.{place}.amount_minor"
        found.append({counts: reached, "amount_minor": typed.required(amount, typed.amount(amount, row.amount_minor))})
    return found


def _buyers(typed: Typed, form: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "customers" in form and typed.value("customers", form.customers) == "new":
        found["customers"] = "new"
    found |= _present({"returning_rate_bps": _rate(typed, "returning_rate_bps", form.returning_rate_bps)})
    months, life = typed.value("recurring.months", form.recurring_months), form.recurring_for_life.data
    rate = _rate(typed, "recurring.rate_bps", form.recurring_rate_bps)
    if life or months is not None or rate is not None:
        found["recurring"] = {"months": None if life else months, **_present({"rate_bps": rate})}
        if not life:
            typed.required("recurring.months", months)
    return found


def _leads(typed: Typed, form: Any) -> dict[str, Any]:
    typed.places["terms.leads"] = form["leads_per_lead_minor"]
    found = _present({name: typed.amount(f"leads.{name}", form[f"leads_{name}"]) for name in LEADS})
    for name in ("qualified_seconds", "plan_leads"):
        typed.places[f"terms.leads.{name}"] = form[f"leads_{name}"]
        found |= _present({name: form[f"leads_{name}"].data})
    return found


def _settlement(typed: Typed, form: Any) -> dict[str, Any]:
    rate = _rate(typed, "settlement.partner_rate_bps", form.partner_rate_bps)
    return _present({"collects": typed.value("settlement.collects", form.collects), "partner_rate_bps": rate})
