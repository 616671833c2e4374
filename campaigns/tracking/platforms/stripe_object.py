"""What all objects of Stripe's API have in common: amounts, references that may be expanded, and discounts.

https://docs.stripe.com/api/expanding_objects, https://docs.stripe.com/currencies#zero-decimal. Amounts are whole
numbers of the smallest unit as Stripe has it, which is not everywhere the currency's own: of some it drops the cents,
of others it keeps decimals that nobody uses.
"""

from collections.abc import Mapping
from decimal import Decimal

from campaigns.errors import Unreadable
from campaigns.money import exponent, parse_minor
from campaigns.tracking.json_body import JsonObject
from campaigns.tracking.platforms.evidence import CLICK_FIELDS, click_ids, distinct_codes

WHOLE_UNITS = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
THOUSANDTHS = frozenset("BHD JOD KWD OMR TND".split())
_MOST_DIGITS = 10**18


class UnnamedYet(Exception):
    """Raised when an object says by an id only what the order needs by its name: it is to be read back."""


def currency_of(thing: JsonObject) -> str:
    """The currency of an object, which Stripe writes in lower case."""
    code = thing.word("currency").upper()
    try:
        exponent(code)
    except Unreadable as error:
        raise Unreadable(f"{thing.at('currency')}: not an ISO 4217 currency") from error
    return code


def minor(thing: JsonObject, name: str, currency: str) -> int:
    """Our minor units of a required amount.

    >>> minor(JsonObject({"amount": 500}), "amount", "JPY"), minor(JsonObject({"amount": 500}), "amount", "ISK")
    (500, 5)
    """
    value, path = thing.values.get(name), thing.at(name)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _MOST_DIGITS:
        raise Unreadable(f"{path}: not an amount")
    decimals = 0 if currency in WHOLE_UNITS else 3 if currency in THOUSANDTHS else 2
    try:
        return parse_minor(Decimal(value).scaleb(-decimals), currency)
    except Unreadable as error:
        raise Unreadable(f"{path}: not an amount in {currency}") from error


def minor_or_zero(thing: JsonObject, name: str, currency: str) -> int:
    """As minor, but 0 where there is none."""
    return minor(thing, name, currency) if thing.has(name) else 0


def shipping_net(thing: JsonObject, currency: str) -> int:
    """What was paid for shipping without its tax, whether the tax is inside the price or on it."""
    cost = thing.object("shipping_cost")
    return minor_or_zero(cost, "amount_total", currency) - minor_or_zero(cost, "amount_tax", currency)


def reference(thing: JsonObject, name: str) -> str | None:
    """The id of another object, which stands there itself or is expanded; None where there is none."""
    if isinstance(thing.values.get(name), dict):
        return thing.object(name).identifier("id")
    return thing.identifier(name) if thing.has(name) else None


def paid_by(invoice: JsonObject) -> str | None:
    """The payment an invoice was paid with, where it says so: since 2025 in a list that only comes if asked for."""
    if invoice.has("payment_intent"):
        return reference(invoice, "payment_intent")
    payments = [payment.object("payment") for payment in invoice.object("payments").objects("data")]
    return next((found for payment in payments if (found := reference(payment, "payment_intent"))), None)


def codes_of(thing: JsonObject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes buyers entered, and the ids of coupons that the shop itself applied; raises UnnamedYet.

    A promotion code is what a buyer types, a coupon what it stands for.
    """
    entered: list[str] = []
    applied: list[str | None] = []
    listed = thing.values.get("discounts") or []
    if isinstance(listed, list) and any(isinstance(discount, str) for discount in listed):
        raise UnnamedYet
    for discount in thing.objects("discounts"):
        if isinstance(discount.values.get("promotion_code"), dict):
            entered.append(discount.object("promotion_code").word("code"))
        elif discount.has("promotion_code"):
            raise UnnamedYet
        else:
            source = discount.object("source") if discount.has("source") else discount
            applied.append(reference(source, "coupon"))
    return distinct_codes(entered), distinct_codes(applied)


def clicks_of(*sources: object) -> tuple[str, ...]:
    """The click ids a shop put into `client_reference_id` or into metadata."""
    found: list[object] = []
    for source in sources:
        if isinstance(source, Mapping):
            found += [value for name, value in source.items() if name in CLICK_FIELDS]
        else:
            found.append(source)
    return click_ids(found, None)
