"""What credited orders earn: each alone, or together with the participant's other orders where their terms ask for it.

Terms may ask for more than the order's amounts: its lines (rates by category and SKU), the buyer's earlier orders
(new customers only), or the whole run of the participant's orders (tiers, bonuses, a cap). What is asked for is
loaded here, for all orders at once, and only where some terms ask.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from campaigns.commissions.accrual import Credit, Owing
from campaigns.commissions.exchange import convert_sale
from campaigns.commissions.run import (
    Earned,
    Placed,
    earned_alone,
    earned_in_run,
    needs_history,
    needs_lines,
)
from campaigns.commissions.sale import Sale, SoldLine
from campaigns.db import lock_names
from campaigns.models import AttributionDecision, Order, OrderRefund
from campaigns.questions import Question, among
from campaigns.tracking.decisions import Standing
from campaigns.tracking.evidence import repeated
from campaigns.tracking.lines_left import lines_left
from campaigns.tracking.people import Person
from campaigns.tracking.rates import rate_in
from campaigns.tracking.worth import in_force, sale_of

_RUN = Question(
    select(
        Order.id,
        Order.shop_id,
        Order.external_id,
        Order.placed_at,
        Order.is_sale.label("is_sale"),
        Order.currency,
        Order.customer_key,
        Order.net_minor,
        Order.net_tax_minor,
        Order.refunded_minor,
        Order.refunded_tax_minor,
        AttributionDecision.participation_id,
        AttributionDecision.acceptance_id,
        AttributionDecision.reason,
        AttributionDecision.evidence,
    )
    .join(AttributionDecision, AttributionDecision.order_id == Order.id)
    .where(among(AttributionDecision.participation_id, "participations"), AttributionDecision.superseded_at.is_(None))
    .order_by(Order.id)
)
_LINES = Question(
    select(Order.id, Order.lines, Order.prices_include_tax, Order.refund_ids).where(among(Order.id, "orders"))
)
_REFUNDS = Question(
    select(OrderRefund.shop_id, OrderRefund.order_external_id, OrderRefund.refund_id, OrderRefund.body).where(
        among(OrderRefund.shop_id, "shops"), among(OrderRefund.order_external_id, "numbers")
    )
)
_BUYERS = Question(
    select(Order.shop_id, Order.customer_key, Order.placed_at, Order.external_id).where(
        among(Order.shop_id, "shops"), among(Order.customer_key, "buyers"), Order.is_sale
    )
)


class Credited(NamedTuple):
    """An order (its row, or a row with the same names) and whom it is credited to; `repeat` by the buyer's lock.

    `rate_millionths` is the rate the decision names where the order is in another currency than the campaign.
    """

    order: Any
    credit: Credit
    repeat: bool = False
    rate_millionths: int | None = None


def owing_all(
    connection: Connection, orders: Sequence[tuple[Order, bool]], standing: Mapping[int, Standing]
) -> list[Owing]:
    """What to bring the books to after some orders were judged: these, and the others of the runs they belong to.

    Each pair says whether nothing can be posted for the order yet. A participant whose orders depend on one another
    is held, so two deliveries can't work out the same run side by side.
    """
    fresh = {order.id for order, new in orders if new}
    runs = {person.participation_id: person for one in standing.values() for person in one.runs}
    lock_names(connection, sorted(f"participation:{participation_id}" for participation_id in runs))
    credited = run_of(connection, runs) if runs else []
    listed = {one.order.id for one in credited}
    nobody: list[Owing] = []
    for order, _ in orders:
        mine = standing[order.id]
        if mine.credit is None:
            nobody.append(Owing(order.id, None, None, order.currency, order.id in fresh))
        elif order.id not in listed:
            credited.append(Credited(order, mine.credit, mine.repeat, mine.rate_millionths))
    earned = earn(connection, credited)
    return nobody + [
        Owing(one.order.id, one.credit, earned[one.order.id], one.credit.currency, one.order.id in fresh)
        for one in credited
    ]


def run_of(connection: Connection, people: Mapping[int, Person]) -> list[Credited]:
    """All orders credited to some participants now."""
    found = []
    for row in _RUN.ask(connection, participations=people.keys()):
        credit = people[row.participation_id].credit(row.acceptance_id)
        if credit is not None:
            found.append(Credited(row, credit, repeated(row.reason, row.evidence), rate_in(row.evidence)))
    return found


def earn(connection: Connection, credited: Sequence[Credited]) -> dict[int, Earned]:
    """Order id -> what it earns. Of a participant whose orders depend on one another all must be given."""
    sales = _sales(connection, credited)
    returning = _returning(connection, credited)
    found: dict[int, Earned] = {}
    runs: dict[int, list[Placed]] = defaultdict(list)
    for one in credited:
        order, terms = one.order, one.credit.terms
        if one.credit.in_run:
            place = Placed(
                order.id, order.placed_at, order.external_id, sales[order.id], terms, order.id in returning, one.repeat
            )
            runs[one.credit.participation_id].append(place)
        else:
            found[order.id] = earned_alone(terms, sales[order.id], order.id in returning, one.repeat)
    for placed in runs.values():
        found |= earned_in_run(placed)
    return found


def _sales(connection: Connection, credited: Sequence[Credited]) -> dict[int, Sale | None]:
    """What of each order can earn, in its campaign's currency, with its lines where the terms ask for them."""
    sales = {one.order.id: sale_of(one.order) for one in credited}
    asking = [one.order for one in credited if needs_lines(one.credit.terms) and sales[one.order.id] is not None]
    for order_id, lines in _lines(connection, asking, sales).items():
        sale = sales[order_id]
        sales[order_id] = replace(sale, lines=lines) if sale else None
    for one in credited:
        if one.order.currency != one.credit.currency:
            sale = sales[one.order.id]
            sales[one.order.id] = convert_sale(sale, one.order.currency, one.credit.currency, one.rate_millionths)
    return sales


def _lines(
    connection: Connection, orders: Sequence[Any], sales: Mapping[int, Sale | None]
) -> dict[int, tuple[SoldLine, ...]]:
    """What is left of each line of some orders that are sales."""
    if not orders:
        return {}
    shown = {row.id: row for row in _LINES.ask(connection, orders=[order.id for order in orders])}
    refunds = _refunds(connection, orders)
    found = {}
    for order in orders:
        sale, row = sales[order.id], shown[order.id]
        assert sale is not None  # asked for sales only
        told = [one.body for one in in_force(row, refunds[order.shop_id, order.external_id])]
        found[order.id] = lines_left(row.lines, told, row.prices_include_tax, sale)
    return found


def _refunds(connection: Connection, orders: Iterable[Any]) -> dict[tuple[int, str], list[Any]]:
    some = list(orders)
    found: dict[tuple[int, str], list[Any]] = defaultdict(list)
    rows = _REFUNDS.ask(
        connection, shops={order.shop_id for order in some}, numbers={order.external_id for order in some}
    )
    for row in sorted(rows, key=lambda row: str(row.refund_id)):
        found[row.shop_id, row.order_external_id].append(row)
    return found


def _returning(connection: Connection, credited: Sequence[Credited]) -> set[int]:
    """The orders whose buyer bought in that shop before, or can't be told; asked only where terms care."""
    asking = [one.order for one in credited if needs_history(one.credit.terms)]
    if not asking:
        return set()
    first: dict[tuple[int, str], tuple[Any, str]] = {}
    rows = _BUYERS.ask(
        connection,
        shops={order.shop_id for order in asking},
        buyers={order.customer_key for order in asking} - {""},
    )
    for shop_id, buyer, placed_at, external_id in rows:
        earliest = first.get((shop_id, buyer), (placed_at, external_id))
        first[shop_id, buyer] = min(earliest, (placed_at, external_id))
    return {
        order.id
        for order in asking
        if not order.customer_key
        or first.get((order.shop_id, order.customer_key), (order.placed_at, order.external_id))
        < (order.placed_at, order.external_id)
    }
