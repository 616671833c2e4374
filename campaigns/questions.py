"""Questions of the hot path: a SELECT that is put together once and then goes to the driver as it is.

SQLAlchemy spells an `IN (…)` anew at each execution, a placeholder a value; for a handful of rows that costs more than
finding them. Here a list is one parameter (`among`), so a question's text never changes: per dialect it is compiled
once, together with what makes Python's values of the columns.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, Dialect, Integer, Select, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from campaigns.db import by_driver
from campaigns.rows import json_text

Lists = dict[str, list[Any]]


class among(ColumnElement[bool]):
    """Whether a column's value is in the list that is given under `name` when the question is asked."""

    inherit_cache = True

    def __init__(self, column: Any, name: str) -> None:
        self.column = column
        self.values: BindParameter[Any] = bindparam(name, required=True)


@compiles(among, "sqlite")
def _among_sqlite(element: among, compiler: SQLCompiler, **given: Any) -> str:
    column, values = _spelt(element, compiler, given)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(among, "postgresql")
def _among_postgresql(element: among, compiler: SQLCompiler, **given: Any) -> str:
    column, values = _spelt(element, compiler, given)
    kind = "bigint" if isinstance(element.column.type, Integer) else "text"
    return f"{column} = ANY (CAST({values} AS {kind}[]))"


def _spelt(element: among, compiler: SQLCompiler, given: dict[str, Any]) -> tuple[str, str]:
    """The column and the list's placeholder: what else a question compares with is spelt out in it."""
    return compiler.process(element.column, **given), compiler.process(
        element.values, **{**given, "literal_binds": False}
    )


class _InDialect(NamedTuple):
    """A question in one dialect: its text, its lists in their order, its row, and who makes which column's value."""

    text: str
    lists: tuple[str, ...]
    row: Any
    makers: tuple[tuple[int, Callable[[Any], Any]], ...]


class Question:
    """A SELECT whose parameters are lists for `among`."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._spelt: dict[str, _InDialect] = {}

    def ask(self, connection: Connection, **lists: Iterable[Any]) -> list[Any]:
        """The rows, columns by their names; nothing is asked where a list is empty."""
        given = {name: list(values) for name, values in lists.items()}
        if not all(given.values()):
            return []
        dialect = connection.dialect
        spelt = self._spelt.get(dialect.name) or self._spelt.setdefault(dialect.name, self._spell(dialect))
        rows = by_driver(connection, spelt.text, _parameters(dialect, spelt, given)).fetchall()
        if not spelt.makers:
            return [spelt.row._make(row) for row in rows]
        return [spelt.row._make(_made(row, spelt.makers)) for row in rows]

    def _spell(self, dialect: Dialect) -> _InDialect:
        compiled = self._statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        columns = self._statement.selected_columns
        kinds = [column.type.dialect_impl(dialect) for column in columns]
        makers = [(place, kind.result_processor(dialect, None)) for place, kind in enumerate(kinds)]
        return _InDialect(
            text=str(compiled),
            lists=tuple(getattr(compiled, "positiontup", None) or ()),
            row=namedtuple("Row", [str(column.key) for column in columns]),
            makers=tuple((place, maker) for place, maker in makers if maker is not None),
        )


def _parameters(dialect: Dialect, spelt: _InDialect, given: Lists) -> Any:
    if dialect.name == "sqlite":
        return tuple(json_text(given[name]) for name in spelt.lists)
    return given


def _made(row: Iterable[Any], makers: Iterable[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    values = list(row)
    for place, maker in makers:
        values[place] = maker(values[place])
    return values
