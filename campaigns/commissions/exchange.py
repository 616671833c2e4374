"""One currency in another: by a rate that somebody entered, each figure rounded once.

A rate is a whole number of millionths of a major unit: 3_652_100 is 3.6521 shekels for one dollar. Currencies differ in
their decimals (JPY has none, KWD three), so an amount goes through major units on its way, exactly; only the end is
rounded, half away from zero.
"""

import re
from dataclasses import replace

from campaigns.commissions.sale import Sale, SoldLine
from campaigns.errors import Unreadable
from campaigns.money import divide_half_away, exponent, spread

MILLION = 1_000_000
LARGEST_RATE = 10**12  # a million units for one: no pair of currencies in use comes near
_RATE = re.compile(r"(\d{1,7})(?:[.,](\d{1,6}))?", re.ASCII)


def converted(amount_minor: int, from_currency: str, to_currency: str, rate_millionths: int) -> int:
    """`amount_minor` in minor units of `to_currency`, rounded half away from zero once.

    >>> converted(10_000, "USD", "ILS", 3_652_100), converted(-5, "USD", "ILS", 3_500_000)
    (36521, -18)
    >>> converted(1_000, "JPY", "ILS", 24_500), converted(1_250, "KWD", "ILS", 11_900_000)
    (2450, 1488)
    """
    numerator = amount_minor * rate_millionths * 10 ** exponent(to_currency)
    return divide_half_away(numerator, MILLION * 10 ** exponent(from_currency))


def convert_sale(sale: Sale | None, from_currency: str, to_currency: str, rate_millionths: int | None) -> Sale | None:
    """A sale in a campaign's currency; None, for nothing is guessed, where the currencies differ and there is no rate.

    Net, tax and what was given back of each are converted by themselves. What is left of them is spread over the lines,
    so that those sum to it as they did before.
    """
    if sale is None or from_currency == to_currency:
        return sale
    if rate_millionths is None:
        return None

    def in_theirs(amount_minor: int) -> int:
        return converted(amount_minor, from_currency, to_currency, rate_millionths)

    whole = Sale(
        net_minor=in_theirs(sale.net_minor),
        net_tax_minor=in_theirs(sale.net_tax_minor),
        refunded_minor=in_theirs(sale.refunded_minor),
        refunded_tax_minor=in_theirs(sale.refunded_tax_minor),
    )
    if not sale.lines:
        return whole
    nets = spread(max(0, whole.net_minor - whole.refunded_minor), [line.net_minor for line in sale.lines])
    taxes = spread(max(0, whole.net_tax_minor - whole.refunded_tax_minor), [line.net_tax_minor for line in sale.lines])
    lines = [
        SoldLine(line.category, line.sku, net, tax) for line, net, tax in zip(sale.lines, nets, taxes, strict=True)
    ]
    return replace(whole, lines=tuple(lines))


def parse_rate(text: str) -> int:
    """Millionths of a rate as people write it, of at most six decimals; raises Unreadable.

    >>> parse_rate("3.6521"), parse_rate("0,0245")
    (3652100, 24500)
    """
    found = _RATE.fullmatch(text.strip())
    rate = int(found[1]) * MILLION + int((found[2] or "").ljust(6, "0")) if found else 0
    if not 0 < rate <= LARGEST_RATE:
        raise Unreadable(f"{text[:20]!r} is not a rate")
    return rate


def format_rate(rate_millionths: int) -> str:
    """A rate without trailing zeros.

    >>> format_rate(3_652_100), format_rate(24_500), format_rate(4_000_000)
    ('3.6521', '0.0245', '4')
    """
    whole, part = divmod(rate_millionths, MILLION)
    return f"{whole}.{part:06d}".rstrip("0").rstrip(".")
