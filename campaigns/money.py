"""Money arithmetic: integers in minor units, rates in basis points, one rounding rule.

An amount is an `int` of the currency's smallest unit (agora, cent, fils) in a name ending `_minor`; a rate is an
`int` of basis points (1 bps = 0.01 %) in a name ending `_bps`. There is no float anywhere. Rounding is half away
from zero, and happens here only: once per order and beneficiary.
"""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache

from babel.core import get_global
from babel.numbers import get_currency_precision

from campaigns.errors import Unreadable

# Far above any real order, far below what a 64-bit column holds: 10 trillion in a two-decimal currency.
LARGEST_MINOR = 10**15
# Decimal() itself would take "1_000", full-width digits and "Infinity".
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def share(amount_minor: int, rate_bps: int) -> int:
    """The part `rate_bps` of `amount_minor`, rounded half away from zero to one minor unit.

    >>> share(18000, 1500), share(1999, 1250), share(-1999, 1250)
    (2700, 250, -250)
    """
    return divide_half_away(amount_minor * rate_bps, 10_000)


def divide_half_away(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, halves away from zero; the denominator is positive.

    >>> divide_half_away(5, 2), divide_half_away(-5, 2), divide_half_away(4, 3)
    (3, -3, 1)
    """
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def spread(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Parts of `amount_minor` in proportion to the weights; the units left over go to the largest remainders.

    The parts always sum to the amount. Weights below zero count as nothing; where none counts, all count alike.
    Raises Unreadable where there is an amount and nothing to spread it over.

    >>> spread(100, [1, 1, 1]), spread(-7, [2, 1]), spread(5, [0, 0])
    ([34, 33, 33], [-5, -2], [3, 2])
    """
    if amount_minor and not weights:
        raise Unreadable("an order with an amount and without lines")
    counted = [max(0, weight) for weight in weights]
    if not any(counted):
        counted = [1] * len(counted)
    whole, amount = sum(counted), abs(amount_minor)
    parts = [amount * weight // whole for weight in counted]
    remainders = [amount * weight % whole for weight in counted]
    for place in sorted(range(len(parts)), key=lambda place: -remainders[place])[: amount - sum(parts)]:
        parts[place] += 1
    return [-part for part in parts] if amount_minor < 0 else parts


@cache
def exponent(currency: str) -> int:
    """Decimal places of an ISO 4217 currency; raises Unreadable for a code that is none.

    >>> exponent("ILS"), exponent("JPY"), exponent("KWD")
    (2, 0, 3)
    """
    if currency not in get_global("all_currencies"):
        raise Unreadable(f"{currency!r} is not an ISO 4217 currency")
    return get_currency_precision(currency)


def parse_minor(value: object, currency: str) -> int:
    """Minor units of a decimal string, int or Decimal in major units; raises Unreadable, never guesses or rounds.

    A float is refused: whoever reads JSON must read numbers as Decimal. More decimals than the currency has are
    read only where they are zeros.

    >>> parse_minor("23600", "JPY"), parse_minor("-5.00", "USD"), parse_minor("1.250", "KWD")
    (23600, -500, 1250)
    >>> parse_minor("7.5000", "ILS")
    750
    """
    return _parsed(value, currency) if isinstance(value, str) else _exact(value, currency)


@lru_cache(8192)
def _parsed(value: str, currency: str) -> int:
    """As parse_minor; a shop's prices come again and again."""
    return _exact(value, currency)


def _exact(value: object, currency: str) -> int:
    minor = _scaled(value, currency)
    if minor != minor.to_integral_value():
        raise Unreadable(f"{value!r} has more decimals than {currency}")
    return int(minor)


def parse_minor_rounded(value: object, currency: str) -> int:
    """As parse_minor, but extra decimals are rounded half away from zero: for platforms that send unrounded tax.

    >>> parse_minor_rounded("0.62125", "USD"), parse_minor_rounded("-0.625", "USD")
    (62, -63)
    """
    minor = _scaled(value, currency)
    numerator, denominator = minor.as_integer_ratio()
    return divide_half_away(numerator, denominator)


def _scaled(value: object, currency: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise Unreadable(f"{value!r} is not an amount")
    if isinstance(value, str) and not _PLAIN_NUMBER.fullmatch(value.strip()):
        raise Unreadable(f"{value[:40]!r} is not an amount")
    try:
        amount = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation as error:
        raise Unreadable(f"{str(value)[:40]!r} is not an amount") from error
    if not amount.is_finite() or amount.adjusted() > 15 or len(amount.as_tuple().digits) > 28:
        raise Unreadable(f"{str(value)[:40]!r} is not an amount this system takes")
    minor = amount.scaleb(exponent(currency))
    if abs(minor) > LARGEST_MINOR:
        raise Unreadable(f"{str(value)[:40]!r} is not an amount this system takes")
    return minor


def format_minor(amount_minor: int, currency: str) -> str:
    """A plain decimal string with grouping and an ASCII minus, without the currency: `-1,234.50`.

    >>> format_minor(-123450, "ILS"), format_minor(23600, "JPY"), format_minor(5, "KWD")
    ('-1,234.50', '23,600', '0.005')
    """
    places = exponent(currency)
    whole, part = divmod(abs(amount_minor), 10**places)
    text = f"{whole:,}" + (f".{part:0{places}d}" if places else "")
    return ("-" if amount_minor < 0 else "") + text


def format_bps(rate_bps: int) -> str:
    """A rate as a percentage without trailing zeros.

    >>> format_bps(1500), format_bps(1250), format_bps(5)
    ('15%', '12.5%', '0.05%')
    """
    whole, part = divmod(rate_bps, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + "%"
