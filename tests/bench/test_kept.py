"""Fast and lost isn't fast: a server that answered more often than it has rows gives no figures."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.databases import Databases
from bench.lanes import check_kept


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Databases]:
    made = Databases("sqlite", tmp_path)
    made.migrated("ours")
    yield made
    made.drop()


@pytest.mark.parametrize("what", ["click", "order"])
def test_an_answer_without_its_row_stops_the_benchmark(empty: Databases, what: str):
    with pytest.raises(RuntimeError, match=f"ours answered 1 times and has 0 rows: {what}"):
        check_kept(empty, "ours", {what: 1})


def test_no_answer_needs_no_row(empty: Databases):
    check_kept(empty, "ours", {})
