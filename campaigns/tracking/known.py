"""What a shop has told about its orders: the rows of some orders, loaded together, changed by events, written together.

The rows are model instances that belong to no session: the hot path loads and writes them many at a time by plain
statements, and the rules read the same attributes as everywhere.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from campaigns.db import Model, reserve_ids
from campaigns.models import Order, OrderDeletion, OrderRefund

Key = tuple[int, str]  # the shop, and the shop's own id of the order


@dataclass
class Told:
    """One order as the tables have it: its newest snapshot (None while only refunds came), refunds, deletion."""

    order: Order | None = None
    refunds: dict[str, OrderRefund] = field(default_factory=dict)
    deleted_at: datetime | None = None
    fresh: bool = False  # the order is not in the tables yet
    order_changed: bool = False
    refunds_changed: set[str] = field(default_factory=set)
    deletion_changed: bool = False
    deletion_known: bool = False


def load(connection: Connection, keys: Collection[Key]) -> dict[Key, Told]:
    """What is known of some orders; an empty Told for one that nothing is known of."""
    found = {key: Told() for key in keys}
    shops, numbers = {shop for shop, _ in keys}, {number for _, number in keys}
    orders, refunds, deletions = _table(Order), _table(OrderRefund), _table(OrderDeletion)
    wanted = select(orders).where(orders.c.shop_id.in_(shops), orders.c.external_id.in_(numbers))
    for row in connection.execute(wanted).mappings():
        if told := found.get((row["shop_id"], row["external_id"])):
            told.order = Order(**row)
    of_orders = select(refunds).where(refunds.c.shop_id.in_(shops), refunds.c.order_external_id.in_(numbers))
    for row in connection.execute(of_orders).mappings():
        if told := found.get((row["shop_id"], row["order_external_id"])):
            told.refunds[row["refund_id"]] = OrderRefund(**row)
    gone = select(deletions.c.shop_id, deletions.c.order_external_id, deletions.c.deleted_at)
    gone = gone.where(deletions.c.shop_id.in_(shops), deletions.c.order_external_id.in_(numbers))
    for shop_id, number, deleted_at in connection.execute(gone):
        if told := found.get((shop_id, number)):
            told.deleted_at, told.deletion_known = deleted_at, True
    return found


def store(connection: Connection, tolds: Mapping[Key, Told]) -> None:
    """Write what changed; new orders get their ids."""
    fresh = [told.order for told in tolds.values() if told.order and told.fresh]
    for order, number in zip(fresh, _ids(connection, Order, fresh), strict=True):
        order.id = number
    if fresh:
        connection.execute(insert(_table(Order)), [_row(order) for order in fresh])
    _change(connection, Order, [told.order for told in tolds.values() if told.order_changed and not told.fresh])
    refunds = [told.refunds[name] for told in tolds.values() for name in sorted(told.refunds_changed)]
    added = [refund for refund in refunds if refund.id is None]
    for refund, number in zip(added, _ids(connection, OrderRefund, added), strict=True):
        refund.id = number
    if added:
        connection.execute(insert(_table(OrderRefund)), [_row(refund) for refund in added])
    _change(connection, OrderRefund, [refund for refund in refunds if refund not in added])
    _store_deletions(connection, tolds)


def _store_deletions(connection: Connection, tolds: Mapping[Key, Told]) -> None:
    changed = [(key, told) for key, told in tolds.items() if told.deletion_changed]
    deletions = _table(OrderDeletion)
    added = [_deletion(key, told) for key, told in changed if not told.deletion_known]
    if added:
        connection.execute(insert(deletions), added)
    for key, told in changed:
        if told.deletion_known:
            place = (deletions.c.shop_id == key[0]) & (deletions.c.order_external_id == key[1])
            connection.execute(update(deletions).where(place).values(deleted_at=told.deleted_at))


def _deletion(key: Key, told: Told) -> dict[str, Any]:
    return {"shop_id": key[0], "order_external_id": key[1], "deleted_at": told.deleted_at}


def _ids(connection: Connection, model: type[Model], rows: Collection[Model]) -> list[int]:
    return reserve_ids(connection, _table(model).name, len(rows)) if rows else []


def _change(connection: Connection, model: type[Model], rows: Iterable[Model | None]) -> None:
    table = _table(model)
    values = [_row(row) for row in rows if row is not None]
    if values:
        statement = update(table).where(table.c.id == bindparam("row_id"))
        connection.execute(statement, [{"row_id": row.pop("id"), **row} for row in values])


def _row(instance: Model) -> dict[str, Any]:
    return {column.key: getattr(instance, column.key) for column in _table(type(instance)).columns}


def _table(model: type[Model]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
