"""An order of the demonstration: what a person is told of it, and the deliveries that tell the platform.

The two are kept apart on purpose. What is printed (and written to orders.csv) says who should be credited and for how
much; the deliveries are all the platform gets to see.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO

from campaigns.demo.goods import Line, Product, lines
from campaigns.demo.shopify_bodies import Message, Purchase, message, money, order

COLUMNS = ("number", "influencer", "by", "lines", "given_back", "what")


@dataclass(frozen=True)
class Scene:
    """What the deliveries can know once the campaign is live: everyone's code and one click of each link."""

    now: datetime
    starts_at: datetime
    codes: Mapping[str, str]
    clicks: Mapping[str, str]

    def days_ago(self, days: int, hour: int = 12) -> datetime:
        """That hour (UTC) of a day before today."""
        return (self.now - timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class Told:
    """One order. `influencer` is empty where nobody may be credited; amounts are net of VAT, minor units."""

    number: str
    influencer: str
    by: str
    lines: tuple[int, ...]
    what: str
    messages: tuple[Message, ...]
    given_back: tuple[int, ...] = ()
    late: tuple[Message, ...] = ()

    def row(self) -> tuple[str, ...]:
        """The order as orders.csv has it."""
        return (self.number, self.influencer, self.by, summed(self.lines), summed(self.given_back), self.what)


def summed(amounts: tuple[int, ...]) -> str:
    """Amounts as a sum to add up.

    >>> summed((18000, 9000))
    '180.00 + 90.00'
    """
    return " + ".join(money(amount) for amount in amounts)


def orders_csv(orders: Iterable[Told]) -> str:
    """The input of the demonstration, complete."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(order.row() for order in orders)
    return out.getvalue()


def purchase(
    number: int,
    placed_at: datetime,
    goods: list[tuple[Product, int]],
    code: str = "",
    click_id: str = "",
    email: str = "",
) -> Purchase:
    """A purchase with one code, whose coupon takes 10 % off, or without one at full price."""
    bought = lines(goods) if code else lines(goods, percent_off=0)
    codes = (code,) if code else ()
    return Purchase(5_000_000_000 + number, placed_at, bought, codes, click_id, email)


def nets(bought: tuple[Line, ...]) -> tuple[int, ...]:
    """What counts of each line; a gift card is money parked, not a sale."""
    return tuple(line.net_minor for line in bought if line.product.taxed)


def created(bought: Purchase) -> Message:
    """The order as it is first: placed and not yet paid."""
    return message("orders/create", order(bought, "pending", bought.placed_at), bought.number)


def paid(bought: Purchase, after: timedelta = timedelta(seconds=5)) -> Message:
    """The order when the money is there."""
    return message("orders/paid", order(bought, "paid", bought.placed_at + after), bought.number)


def usual(bought: Purchase) -> tuple[Message, ...]:
    """What Shopify sends of an ordinary order."""
    return created(bought), paid(bought)
