"""Rows made by the thousand are such as the product would have made: counted by day, and balanced."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench.databases import Databases, working
from bench.filling import fill
from bench.sizes import QUICK
from bench.stages import BUSY_ORDERS, CROWD_ORDERS, FIXED_ORDERS, set_stages
from campaigns.models import Click, ClickDay, LedgerTransaction, Order, Posting


@pytest.fixture
def filled(tmp_path: Path, database_url: str) -> Iterator[Databases]:
    """3,000 clicks, and with them ninety orders of the crowd: thirty real ones and two copies of each.

    Beside them 1,000 clicks and twice thirty orders of the busy campaign.
    """
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    databases = Databases(kind, tmp_path)
    databases.migrated("grown")
    with working(databases.url("grown"), tmp_path) as (_, session):
        stages = set_stages(session)
    fill(databases, "grown", stages, 3_000, replace(QUICK, busy=(1_000, 2 * BUSY_ORDERS)))
    yield databases
    databases.drop()


def test_filling_gives_rows_that_agree_with_each_other(filled: Databases):
    with working(filled.url("grown"), filled.home) as (_, session):
        clicks = session.scalar(select(func.count()).select_from(Click))
        counted = session.scalar(select(func.sum(ClickDay.clicks)))
        orders = session.scalar(select(func.count()).select_from(Order))
        sums = select(func.sum(Posting.amount_minor)).group_by(Posting.transaction_id)
        unbalanced = [total for total in session.scalars(sums) if total]
        transactions = session.scalar(select(func.count()).select_from(LedgerTransaction))
    assert (clicks, counted, unbalanced) == (4_000, 4_000, [])
    assert orders == transactions == 2 * FIXED_ORDERS + 3 * CROWD_ORDERS + 2 * BUSY_ORDERS
