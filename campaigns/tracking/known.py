"""What a shop has told about its orders: the rows of some orders, loaded together, changed by events, written together.

The rows are model instances that belong to no session: the hot path loads and writes them many at a time by plain
statements, and the rules read the same attributes as everywhere.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update

from campaigns.db import Model, insert_rows, reserve_ids
from campaigns.models import Order, OrderDeletion, OrderRefund

Key = tuple[int, str]  # the shop, and the shop's own id of the order

_ORDER, _REFUND, _DELETION = Order.__table__.c, OrderRefund.__table__.c, OrderDeletion.__table__.c
_SHOPS: Any = bindparam("shops", expanding=True)
_NUMBERS: Any = bindparam("numbers", expanding=True)
# Statements of the hot path are made once: putting one together costs more than running it.
_ORDERS_TOLD = select(*_ORDER).where(_ORDER.shop_id.in_(_SHOPS), _ORDER.external_id.in_(_NUMBERS))
_REFUNDS_TOLD = select(*_REFUND).where(_REFUND.shop_id.in_(_SHOPS), _REFUND.order_external_id.in_(_NUMBERS))
_DELETIONS_TOLD = select(_DELETION.shop_id, _DELETION.order_external_id, _DELETION.deleted_at).where(
    _DELETION.shop_id.in_(_SHOPS), _DELETION.order_external_id.in_(_NUMBERS)
)


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
    asked = {"shops": {shop for shop, _ in keys}, "numbers": {number for _, number in keys}}
    for row in connection.execute(_ORDERS_TOLD, asked).mappings():
        if told := found.get((row["shop_id"], row["external_id"])):
            told.order = Order(**row)
    for row in connection.execute(_REFUNDS_TOLD, asked).mappings():
        if told := found.get((row["shop_id"], row["order_external_id"])):
            told.refunds[row["refund_id"]] = OrderRefund(**row)
    for shop_id, number, deleted_at in connection.execute(_DELETIONS_TOLD, asked):
        if told := found.get((shop_id, number)):
            told.deleted_at, told.deletion_known = deleted_at, True
    return found


def store(connection: Connection, tolds: Mapping[Key, Told]) -> None:
    """Write what changed; new orders get their ids."""
    fresh = [told.order for told in tolds.values() if told.order and told.fresh]
    for order, number in zip(fresh, _ids(connection, Order, fresh), strict=True):
        order.id = number
    insert_rows(connection, Order, [_row(order) for order in fresh])
    _change(connection, Order, [told.order for told in tolds.values() if told.order_changed and not told.fresh])
    refunds = [told.refunds[name] for told in tolds.values() for name in sorted(told.refunds_changed)]
    added = [refund for refund in refunds if refund.id is None]
    for refund, number in zip(added, _ids(connection, OrderRefund, added), strict=True):
        refund.id = number
    insert_rows(connection, OrderRefund, [_row(refund) for refund in added])
    _change(connection, OrderRefund, [refund for refund in refunds if refund not in added])
    _store_deletions(connection, tolds)


def _store_deletions(connection: Connection, tolds: Mapping[Key, Told]) -> None:
    changed = [(key, told) for key, told in tolds.items() if told.deletion_changed]
    deletions = _table(OrderDeletion)
    added = [_deletion(key, told) for key, told in changed if not told.deletion_known]
    insert_rows(connection, OrderDeletion, added)
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
