"""What a shop has told about its orders: the rows of some orders, loaded together, changed by events, written together.

The rows are loose: they belong to no session. The hot path loads and writes them many at a time by plain statements,
and the rules read the same attributes as of a model's instance.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, select, update
from sqlalchemy.ext.hybrid import hybrid_property

from campaigns.db import Model
from campaigns.models import Order, OrderDeletion, OrderRefund
from campaigns.questions import Question, among
from campaigns.rows import insert_rows, reserve_ids

Key = tuple[int, str]  # the shop, and the shop's own id of the order

_ORDER, _REFUND, _DELETION = Order.__table__.c, OrderRefund.__table__.c, OrderDeletion.__table__.c
_ORDERS_TOLD = Question(select(*_ORDER).where(among(_ORDER.shop_id, "shops"), among(_ORDER.external_id, "numbers")))
_REFUNDS_TOLD = Question(
    select(*_REFUND).where(among(_REFUND.shop_id, "shops"), among(_REFUND.order_external_id, "numbers"))
)
_DELETIONS_TOLD = Question(
    select(_DELETION.shop_id, _DELETION.order_external_id, _DELETION.deleted_at).where(
        among(_DELETION.shop_id, "shops"), among(_DELETION.order_external_id, "numbers")
    )
)

AnyModel = TypeVar("AnyModel", bound=Model)


@dataclass
class Told:
    """One order as the tables have it: its newest snapshot (None while only refunds came), refunds, deletion."""

    order: Order | None = None
    refunds: dict[str, OrderRefund] = field(default_factory=dict)
    deleted_at: datetime | None = None
    was: tuple[str, datetime] | None = None  # the buyer and the time of the order, before a newer snapshot was taken
    fresh: bool = False  # the order is not in the tables yet
    order_changed: bool = False
    refunds_changed: set[str] = field(default_factory=set)
    deletion_changed: bool = False
    deletion_known: bool = False


def load(connection: Connection, keys: Collection[Key]) -> dict[Key, Told]:
    """What is known of some orders; an empty Told for one that nothing is known of."""
    found = {key: Told() for key in keys}
    asked: dict[str, set[Any]] = {"shops": {shop for shop, _ in keys}, "numbers": {number for _, number in keys}}
    for row in _ORDERS_TOLD.ask(connection, **asked):
        if told := found.get((row.shop_id, row.external_id)):
            told.order = loose(Order, row._asdict())
    for row in _REFUNDS_TOLD.ask(connection, **asked):
        if told := found.get((row.shop_id, row.order_external_id)):
            told.refunds[row.refund_id] = loose(OrderRefund, row._asdict())
    for shop_id, number, deleted_at in _DELETIONS_TOLD.ask(connection, **asked):
        if told := found.get((shop_id, number)):
            told.deleted_at, told.deletion_known = deleted_at, True
    return found


def loose(model: type[AnyModel], values: Mapping[str, Any]) -> AnyModel:
    """A row that belongs to no session, of values as the table has them; a column that isn't among them is None."""
    row: AnyModel = _loosened(model)()
    change(row, values)
    return row


@cache
def _loosened(model: type[Model]) -> type[Any]:
    """A model's columns and properties in a class of its own, where no reading or setting of a column is tracked.

    That costs as much as the rules that read them, and serves nobody here.
    """
    properties = {name: one for name, one in vars(model).items() if isinstance(one, property | hybrid_property)}
    return type(f"Loose{model.__name__}", (), {**dict.fromkeys(_names(model)), **properties})


def change(row: Model, values: Mapping[str, Any]) -> None:
    """Set some of a loose row's values."""
    vars(row).update(values)


def rows_of(some: Iterable[Model], names: Sequence[str]) -> list[dict[str, Any]]:
    """Some columns of loose rows, as they are written."""
    values = attrgetter(*names)
    return [dict(zip(names, values(row), strict=True)) for row in some]


def store(connection: Connection, tolds: Mapping[Key, Told]) -> None:
    """Write what changed; new orders get their ids."""
    fresh = [told.order for told in tolds.values() if told.order and told.fresh]
    for order, number in zip(fresh, _ids(connection, Order, fresh), strict=True):
        order.id = number
    insert_rows(connection, Order, rows_of(fresh, _names(Order)))
    _update(connection, Order, [told.order for told in tolds.values() if told.order_changed and not told.fresh])
    refunds = [told.refunds[name] for told in tolds.values() for name in sorted(told.refunds_changed)]
    added = [refund for refund in refunds if refund.id is None]
    for refund, number in zip(added, _ids(connection, OrderRefund, added), strict=True):
        refund.id = number
    insert_rows(connection, OrderRefund, rows_of(added, _names(OrderRefund)))
    _update(connection, OrderRefund, [refund for refund in refunds if refund not in added])
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


def _update(connection: Connection, model: type[Model], rows: Iterable[Model | None]) -> None:
    table = _table(model)
    values = rows_of([row for row in rows if row is not None], _names(model))
    if values:
        statement = update(table).where(table.c.id == bindparam("row_id"))
        connection.execute(statement, [{"row_id": row.pop("id"), **row} for row in values])


@cache
def _names(model: type[Model]) -> tuple[str, ...]:
    return tuple(column.key for column in _table(model).columns)


def _table(model: type[Model]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
