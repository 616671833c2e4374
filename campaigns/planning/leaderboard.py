"""Who sold most often in a campaign, among those who wish to be seen, and nobody else.

Places are counted among the people shown only, and there are none until three are: so no gap, no number and no place
says anything about somebody who did not ask to be there. Money is on no board.
"""

from collections.abc import Iterable
from dataclasses import dataclass

LEAST = 3


@dataclass(frozen=True)
class Seller:
    """One participant, by number and by the name they are known by."""

    number: int
    name: str
    orders: int
    wishes: bool  # to be seen


@dataclass(frozen=True)
class Row:
    """A line of the board; equal orders share a place."""

    place: int
    name: str
    orders: int
    mine: bool


@dataclass(frozen=True)
class Board:
    """The lines, and the reader's own place among them, whether or not they are shown; none where nobody is."""

    rows: tuple[Row, ...] = ()
    own_place: int | None = None


def board(sellers: Iterable[Seller], reader: int) -> Board:
    """The board as `reader` sees it.

    >>> four = [Seller(1, "a", 5, True), Seller(2, "b", 7, True), Seller(3, "c", 5, True), Seller(4, "d", 6, False)]
    >>> [(row.place, row.name) for row in board(four, 4).rows], board(four, 4).own_place
    ([(1, 'b'), (2, 'a'), (2, 'c')], 2)
    """
    everybody = list(sellers)
    shown = sorted((one for one in everybody if one.wishes), key=lambda one: (-one.orders, one.name, one.number))
    if len(shown) < LEAST:
        return Board()
    own = next((one.orders for one in everybody if one.number == reader), None)
    rows = tuple(Row(_place(shown, one.orders), one.name, one.orders, one.number == reader) for one in shown)
    return Board(rows, None if own is None else _place(shown, own))


def _place(shown: list[Seller], orders: int) -> int:
    return 1 + sum(one.orders > orders for one in shown)
