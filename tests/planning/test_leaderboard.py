"""The board shows who wishes to be seen, and lets nobody work out the others."""

from hypothesis import given
from hypothesis import strategies as st

from campaigns.planning.leaderboard import Board, Seller, board

crowds = st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=15).map(
    lambda rows: [Seller(number, f"@{number}", orders, wishes) for number, (orders, wishes) in enumerate(rows)]
)


def sellers(*wishing: int, hidden: int = 0) -> list[Seller]:
    shown = [Seller(number, f"@{number}", orders, True) for number, orders in enumerate(wishing)]
    return [*shown, Seller(99, "@hidden", hidden, False)]


def test_those_who_wish_are_listed_by_orders_and_equals_share_a_place() -> None:
    rows = board(sellers(3, 8, 3), 0).rows
    assert [(one.place, one.name, one.orders, one.mine) for one in rows] == [
        (1, "@1", 8, False), (2, "@0", 3, True), (2, "@2", 3, False),
    ]  # fmt: skip


def test_who_is_not_shown_sees_their_own_place_among_those_who_are() -> None:
    assert board(sellers(9, 5, 1, hidden=6), 99).own_place == 2


def test_two_are_no_board() -> None:
    assert board(sellers(9, 5), 0) == Board()


@given(crowds, st.integers(0, 50))
def test_nothing_a_reader_sees_depends_on_others_who_did_not_ask_to_be_seen(crowd: list[Seller], orders: int) -> None:
    reader = Seller(1000, "@reader", orders, True)
    without = [one for one in crowd if one.wishes]
    assert board([*crowd, reader], 1000) == board([*without, reader], 1000)


@given(crowds)
def test_nobody_is_shown_who_did_not_ask(crowd: list[Seller]) -> None:
    wishing = {one.name for one in crowd if one.wishes}
    assert {row.name for row in board(crowd, 0).rows} in (wishing, set())
