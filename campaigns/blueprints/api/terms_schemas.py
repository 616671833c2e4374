"""Terms as the OpenAPI document describes them. They are taken as a JSON object and judged by the domain
(commissions/terms.py), whose refusals name every wrong field; this is the same for people and programs to read.
"""

from typing import Annotated, Any

from pydantic import WithJsonSchema

from campaigns.commissions.offered import LEAD_AMOUNTS, MOST_NAMES, MOST_STEPS, WHOLE_BPS
from campaigns.commissions.terms import OVERRIDABLE
from campaigns.money import LARGEST_MINOR

Shape = dict[str, Any]


def _whole(description: str, most: int, least: int = 0) -> Shape:
    return {"type": "integer", "minimum": least, "maximum": most, "description": description}


def _rate(description: str) -> Shape:
    return _whole(f"{description} In basis points: 1500 is 15 %.", WHOLE_BPS)


def _amount(description: str, least: int = 0) -> Shape:
    return _whole(f"{description} In minor units of the campaign's currency.", LARGEST_MINOR, least)


def _object(description: str, required: tuple[str, ...] = (), **properties: Shape) -> Shape:
    told = {"type": "object", "description": description, "properties": properties, "additionalProperties": False}
    return told | ({"required": list(required)} if required else {})


def _list(description: str, item: Shape) -> Shape:
    return {"type": "array", "description": description, "items": item, "minItems": 1, "maxItems": MOST_STEPS}


def _names(description: str) -> Shape:
    rates = {"additionalProperties": _rate("The rate."), "minProperties": 1, "maxProperties": MOST_NAMES}
    return {"type": "object", "description": f"{description} Compared without case and outer spaces.", **rates}


_BONUS = _object(
    "Paid once, on the order that reaches its one target.",
    ("amount_minor",),
    at_orders=_whole("A number of orders.", LARGEST_MINOR, 1),
    at_sales_minor=_amount("An amount of sales.", 1),
    amount_minor=_amount("The bonus.", 1),
) | {"oneOf": [{"required": ["at_orders"]}, {"required": ["at_sales_minor"]}]}
_LEADS = _object(
    "Pay by the piece for calls and leads.",
    per_lead_minor=_amount("For every contact that isn't rejected."),
    per_qualified_minor=_amount("More for a qualified one."),
    per_closed_minor=_amount("More for one that became a deal."),
    qualified_seconds=_whole("From how many seconds on a call is qualified; 15 where nothing is said.", 86_400),
    plan_leads=_whole("The contact with which the plan is fulfilled; stands with plan_base_minor.", LARGEST_MINOR, 1),
    plan_base_minor=_amount("Paid once for the plan."),
    agency_per_lead_minor=_amount("The agency's fee for every contact."),
) | {"anyOf": [{"required": [name]} for name in LEAD_AMOUNTS]}
_TIER = _object(
    "A step.",
    ("from_sales_minor", "rate_bps"),
    from_sales_minor=_amount("From these sales on.", 1),
    rate_bps=_rate("The rate."),
)
_MONTHS = {"anyOf": [_whole("For so many months.", 120, 1), {"type": "null", "description": "For life."}]}
_ATTRIBUTION = _object(
    "How it is told whose sale an order is.",
    precedence={"enum": ["coupon", "link"], "description": "What decides where a code and a link disagree."},
    link_window_days=_whole("How long a click counts.", 365),
    customer_lock_days=_whole("How long a buyer stays with the influencer who brought them.", 365),
    registered_customer_days=_whole("How long a customer stays with the influencer who registered them.", 365),
)

PROPERTIES: dict[str, Shape] = {
    "influencer_rate_bps": _rate("The influencer's share."),
    "agency_rate_bps": _rate("The agency's share; every rate and it are 100 % at most."),
    "base": {"enum": ["net", "gross"], "description": "What rates are of: goods after discounts, without or with tax."},
    "attribution": _ATTRIBUTION,
    "return_window_days": _whole("How long a commission is pending.", 365),
    "fixed_per_order_minor": _amount("Beside the share, for every order of which something is left."),
    "tiers": _list("A rate that grows with the participant's sales; each starts above the one before.", _TIER),
    "tiers_apply": {"enum": ["marginal", "whole"], "description": "To what is sold above a step, or to all sales."},
    "category_rates": _names("Rates by the shop's category."),
    "sku_rates": _names("Rates by SKU; they come before a category's."),
    "bonus": _list("Bonuses.", _BONUS),
    "cap_minor": _amount("The most a participant earns from orders in the campaign.", 1),
    "customers": {"enum": ["all", "new"], "description": "Whose orders earn: every buyer's, or only new ones'."},
    "returning_rate_bps": _rate("For orders of buyers who aren't new to the shop."),
    "recurring": _object("Repeated orders.", ("months",), months=_MONTHS, rate_bps=_rate("Their own rate.")),
    "leads": _LEADS,
    "settlement": _object(
        "Who collects the buyers' money.",
        ("collects",),
        collects={"enum": ["brand", "partner"]},
        partner_rate_bps=_rate("The share where the partner collects; required there."),
    ),
}
MAY_BE_TAKEN = OVERRIDABLE - {"influencer_rate_bps", "agency_rate_bps", "base"}

TERMS = _object("What a campaign pays for, see docs/commissions.md.", ("influencer_rate_bps",), **PROPERTIES)
OWN_TERMS = _object(
    "What differs for one participant; null takes away what the campaign promises beside the plain shares.",
    (),
    **{
        name: {"anyOf": [shape, {"type": "null"}]} if name in MAY_BE_TAKEN else shape
        for name, shape in PROPERTIES.items()
        if name in OVERRIDABLE
    },
)

Terms = Annotated[dict[str, Any], WithJsonSchema(TERMS)]
OwnTerms = Annotated[dict[str, Any], WithJsonSchema(OWN_TERMS)]
