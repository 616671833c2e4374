"""How an earning was worked out, told part by part: by which rule, at which rate, of how much."""

from campaigns.commissions.terms_in_words import cash
from campaigns.errors import Said
from campaigns.money import format_bps

# The rules of commissions/run.py and contacts_earned.py that take a rate of a part of the order.
_BY_RATE = {
    "rate": Said("%(rate)s of %(base)s"),
    "tier": Said("%(rate)s of %(base)s, by the step reached"),
    "category": Said("%(rate)s of %(base)s, the rate of a category"),
    "sku": Said("%(rate)s of %(base)s, the rate of a product"),
    "returning": Said("%(rate)s of %(base)s, the rate for returning buyers"),
    "recurring": Said("%(rate)s of %(base)s, the rate for repeated orders"),
    "partner": Said("%(rate)s of %(base)s, the rate for whoever collects the money"),
}
_AMOUNTS = {
    "fixed": Said("Fixed amount for the order"),
    "bonus": Said("Bonus for a target reached"),
    "cap": Said("Above the upper limit"),
    "lead": Said("For the call or lead"),
    "qualified": Said("For being qualified"),
    "closed": Said("For the deal"),
    "plan": Said("For fulfilling the plan"),
}


def part_in_words(rule: str, base_minor: int, rate_bps: int | None, currency: str) -> Said:
    """One part of an earning, without its amount; an unknown rule is told by its name.

    >>> part_in_words("rate", 18000, 1500, "ILS")
    '15% of ₪180.00'
    """
    if rate_bps is None or rule not in _BY_RATE:
        return _AMOUNTS.get(rule, Said(rule))
    return Said(_BY_RATE[rule].template, rate=format_bps(rate_bps), base=cash(base_minor, currency))
