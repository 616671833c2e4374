"""The table worked out again, as a person would with the printed list and a pencil.

It reads `orders.csv` and nothing of the platform's own: not its terms, not its rounding, not its ledger. What it
finds must be what the platform says, to the agora. An order that counts names its influencer; each order's sale is
the sum of its lines less what was given back, and each share of it is rounded once, half up.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO

HUNDRED, AGORA = Decimal(100), Decimal("0.01")
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Row:
    """One influencer's line of the table; amounts in shekels."""

    clicks: int = 0
    orders: int = 0
    sales: Decimal = NOTHING
    refunded: Decimal = NOTHING
    commission: Decimal = NOTHING
    fee: Decimal = NOTHING


def part(amount: Decimal, percent: Decimal) -> Decimal:
    """`percent` of an amount, rounded half up to an agora.

    >>> part(Decimal("33.30"), Decimal(15)), part(Decimal("180.00"), Decimal(3))
    (Decimal('5.00'), Decimal('5.40'))
    """
    return (amount * percent / HUNDRED).quantize(AGORA, ROUND_HALF_UP)


def added(text: str) -> Decimal:
    """The sum of amounts written with plus signs.

    >>> added("180.00 + 90.00"), added("")
    (Decimal('270.00'), Decimal('0.00'))
    """
    return sum((Decimal(amount) for amount in text.split("+") if amount.strip()), NOTHING)


def table(
    orders_csv: str, clicks: Mapping[str, int], percents: Mapping[str, Decimal], fee_percent: Decimal
) -> dict[str, Row]:
    """Everyone's row, also of those who sold nothing; `percents` are the shares agreed with each."""
    rows = {handle: Row(clicks=clicks.get(handle, 0)) for handle in percents}
    for order in csv.DictReader(StringIO(orders_csv)):
        handle = order["influencer"]
        if not handle:
            continue
        sale, back = added(order["lines"]), added(order["given_back"])
        before = rows[handle]
        rows[handle] = Row(
            clicks=before.clicks,
            orders=before.orders + 1,
            sales=before.sales + sale,
            refunded=before.refunded + back,
            commission=before.commission + part(sale - back, percents[handle]),
            fee=before.fee + part(sale - back, fee_percent),
        )
    return rows


def total(rows: Iterable[Row]) -> Row:
    """The sum, column by column."""
    listed = list(rows)
    return Row(
        clicks=sum(row.clicks for row in listed),
        orders=sum(row.orders for row in listed),
        sales=sum((row.sales for row in listed), NOTHING),
        refunded=sum((row.refunded for row in listed), NOTHING),
        commission=sum((row.commission for row in listed), NOTHING),
        fee=sum((row.fee for row in listed), NOTHING),
    )
