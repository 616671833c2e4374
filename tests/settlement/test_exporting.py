"""Rows for exports: read in slices at one moment, whole and once, in memory that doesn't grow with their number."""

import gc
import re
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Entry, Leg, post, post_all
from campaigns.db import begin_reading, begin_writing, db, one_moment
from campaigns.documents.issue import issue
from campaigns.errors import Conflict
from campaigns.models import Order, PayoutBatch, PayoutLine, Shop
from campaigns.settlement import earnings
from campaigns.settlement.exporting import ledger, orders, payouts
from campaigns.settlement.exporting.asked import Asked
from campaigns.settlement.exporting.exports import EXPORTS, table_of
from campaigns.sheets import csv_files
from campaigns.sheets.columns import Row
from campaigns.sheets.reading import read_table
from campaigns.sheets.written import write
from tests import factories, whole_campaign
from tests.documents.contents import line, statement

ALL = Asked(role="agency", now=factories.NOW, zone=ZoneInfo("Asia/Jerusalem"))
AMOUNTS = {Leg("brand_receivable", 1, "ILS"): 100, Leg("agency_income", 0, "ILS"): -100}


@pytest.fixture
def reading(session: Session) -> Iterator[None]:
    """What is read from here on is of one moment; a writer elsewhere goes on."""
    yield
    session.rollback()
    begin_writing()


def begin(session: Session) -> None:
    session.commit()
    begin_reading()
    one_moment(session)


def many_orders(session: Session, shop: Shop, count: int) -> None:
    """Orders that are nobody's, as a shop without campaigns would have them."""
    taken = factories.order(session, shop=shop, external_id="pattern")
    columns = [column for column in Order.__table__.c if column.name not in ("id", "public_id", "external_id")]
    pattern = {column.name: getattr(taken, column.name) for column in columns}
    rows = [
        {**pattern, "external_id": f"{count}-{number}", "public_id": f"{count}-{number}"} for number in range(count)
    ]
    session.execute(insert(Order), rows)


def many_postings(session: Session, count: int) -> None:
    post_all(session.connection(), [Entry("brand_payment", AMOUNTS) for _ in range(count // 2)], factories.NOW)


def many_statements(session: Session, count: int) -> None:
    """Papers of ten lines each, that nothing else knows of."""
    contents = statement(lines=[line()] * 10)
    for _ in range(count):
        issue(session, "commission_statement", contents, "en", factories.NOW, 2026)
    session.flush()
    session.expunge_all()


def many_payments(session: Session, count: int) -> None:
    """Paid lines of one batch."""
    contents = {"issued_at": "2026-06-12T09:00:00Z", "rows": []}
    document = issue(session, "payout_batch", contents, "en", factories.NOW, 2026)
    batch = PayoutBatch(
        document_id=document.id, currency="ILS", pay_date=date(2026, 6, 12), prepared_at=factories.NOW, status="done"
    )
    session.add(batch)
    session.flush()
    one = {"batch_id": batch.id, "influencer_id": factories.influencer(session).id, "currency": "ILS", "status": "paid"}
    amounts = {"amount_minor": 3_000, "statement_ids": [], "payee": {"name": "Mina"}}
    session.execute(insert(PayoutLine), [one | amounts for _ in range(count)])
    session.expunge_all()


def tidied(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, without the garbage that waits for the collector: what is counted is what is held."""
    for number, row in enumerate(rows):
        if number % 500 == 0:
            gc.collect()
        yield row


def peak_of(session: Session, name: str, ending: str) -> int:
    """The most memory in use at any moment while an export is written to disk, in bytes."""
    begin(session)
    with TemporaryFile() as target:
        tracemalloc.start()
        try:
            table = table_of(session, EXPORTS[name], ALL)
            table.rows = tidied(table.rows)
            write(table, ending, target, "Success Agency")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            session.rollback()
            begin_writing()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the slices are the same on both
@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_ten_times_the_ledger_needs_no_more_memory(session: Session, ending: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ledger, "SLICE", 200)
    monkeypatch.setattr(csv_files, "PIECE", 4_000)
    many_postings(session, 600)
    peak_of(session, "ledger", ending)  # whatever is kept once and for all
    few = peak_of(session, "ledger", ending)
    many_postings(session, 5_400)
    assert peak_of(session, "ledger", ending) < few * 1.3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_five_times_the_orders_need_no_more_memory(session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(orders, "SLICE", 100)
    shop = factories.shop(session)
    many_orders(session, shop, 800)
    peak_of(session, "orders", "csv")
    few = peak_of(session, "orders", "csv")
    many_orders(session, shop, 3_200)
    assert peak_of(session, "orders", "csv") < few * 1.3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("name", "add", "count"), [("statement_lines", many_statements, 40), ("payouts", many_payments, 200)]
)
def test_ten_times_the_papers_and_payments_need_no_more_memory(
    session: Session, name: str, add: Callable[[Session, int], None], count: int, ending: str,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setattr(payouts, "SLICE", 100)
    monkeypatch.setattr(csv_files, "PIECE", 4_000)
    add(session, count)
    peak_of(session, name, ending)
    few = peak_of(session, name, ending)
    add(session, 9 * count)
    assert peak_of(session, name, ending) < few * 1.3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_list_of_all_rows_would_be_noticed(session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ledger, "SLICE", 6_000)
    many_postings(session, 600)
    peak_of(session, "ledger", "csv")
    few = peak_of(session, "ledger", "csv")
    many_postings(session, 5_400)
    assert peak_of(session, "ledger", "csv") > few * 3


def plans(session: Session, deed: Callable[[], object]) -> str:
    """How SQLite finds what a deed asks it."""
    asked: list[tuple[str, Any]] = []
    note = lambda _conn, _cursor, statement, parameters, *_: asked.append((statement, parameters))  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    deed()
    event.remove(db.engine, "before_cursor_execute", note)
    explained = [session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", given) for one, given in asked]
    return "\n".join(row[3] for found in explained for row in found)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "filters"),
    [("ledger", {}), ("ledger", {"campaign_id": 1}), ("ledger", {"brand_id": 1}), ("orders", {}), ("payouts", {})],
)
def test_no_slice_is_sorted_out_of_all_rows(session: Session, name: str, filters: dict[str, Any]):
    rows = EXPORTS[name].rows(session, replace(ALL, **filters))
    plan = plans(session, lambda: list(rows))
    assert "SEARCH" in plan and "FOR ORDER BY" not in plan


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_a_slice_of_orders_earned_is_found_by_the_orders(session: Session):
    plan = plans(session, lambda: earnings._shares(session, 1, range(1_000), ()))
    assert "ix_ledger_transaction_order_id" in plan and "ix_posting_transaction_id" in plan


def test_slices_leave_nothing_out_and_nothing_twice(session: Session, monkeypatch: pytest.MonkeyPatch):
    for module in (orders, ledger):
        monkeypatch.setattr(module, "SLICE", 2)
    many_orders(session, factories.shop(session), 4)
    many_postings(session, 6)
    assert len({row[4] for row in orders.rows(session, ALL)}) == 5
    assert [(row[5], row[6]) for row in ledger.rows(session, ALL)] == [(100, None), (None, 100)] * 3


def test_what_is_written_meanwhile_is_not_half_in_the_file(
    session: Session, reading: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ledger, "SLICE", 1)
    many_postings(session, 4)
    begin(session)
    rows = ledger.rows(session, ALL)
    next(rows)
    begin_writing()
    with Session(db.engine) as other:
        post(other, "brand_payment", AMOUNTS, factories.NOW)
        other.commit()
    assert len(list(rows)) == 3


def test_days_begin_and_end_by_the_clock_of_the_zone():
    asked = Asked(role="agency", now=factories.NOW, zone=ZoneInfo("Asia/Jerusalem"), since=date(2026, 5, 1))
    (condition,) = asked.within(Order.placed_at)
    assert condition.right.value.isoformat() == "2026-05-01T00:00:00+03:00"
    last = Asked(role="agency", now=factories.NOW, zone=ZoneInfo("Asia/Jerusalem"), until=date(2026, 5, 1))
    assert last.within(Order.placed_at)[0].right.value.date() == date(2026, 5, 1) + timedelta(days=1)


def test_an_order_in_another_currency_has_its_own_amounts_beside_it(session: Session):
    cast = whole_campaign.a_live_campaign(session)
    factories.rate(session, day=factories.NOW.date())  # 3.60 shekels for a dollar
    code = cast.mina.codes[0].code
    factories.order(
        session, shop=cast.campaign.shop, code=code, external_id="usd", net_minor=1_000, currency="USD",
        placed_at=factories.NOW,
    )  # fmt: skip
    keys = [column.key for column in orders.columns(ALL)]
    found = [dict(zip(keys, row, strict=True)) for row in orders.rows(session, ALL)]
    (row,) = (row for row in found if row["shop_order_id"] == "usd")
    assert (row["net_minor"], row["currency"], row["paid_net_minor"], row["paid_in"]) == (3_600, "ILS", 1_000, "USD")


def test_a_roster_is_read_back_as_it_was_written(session: Session):
    strange = ['=HYPERLINK("http://x","y")', "@x", "\tNoa", "＝1+1"]
    campaign = factories.campaign(session)
    for number, name in enumerate(strange):
        person = factories.influencer(session, name="x", email=f"i{number}@example.com")
        person.name = name
        factories.participation(session, campaign=campaign, influencer=person)
    for ending in ("csv", "xlsx"):
        with TemporaryFile() as target:
            table = table_of(session, EXPORTS["roster"], ALL)
            write(table, ending, target, "Success Agency")
            target.seek(0)
            assert [row["name"] for row in read_table(target.read(), table.columns, ALL.zone)] == strange


def test_more_rows_than_one_file_takes_are_refused(session: Session):
    many_postings(session, 6)
    table = table_of(session, EXPORTS["ledger"], ALL, most=5)
    with pytest.raises(Conflict, match="more than 5 rows"):
        list(table.walked())


@pytest.mark.parametrize("name", EXPORTS)
def test_keys_say_their_unit(name: str):
    for column in EXPORTS[name].columns(ALL):
        assert (column.kind == "money") == column.key.endswith("_minor")
        assert (column.kind == "rate") == column.key.endswith("_bps")
        assert (column.kind == "moment") == column.key.endswith("_at")


@pytest.mark.parametrize("name", EXPORTS)
def test_the_page_about_exports_names_every_column(name: str):
    page = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\w+)` \|", page.split(f"### {name}\n")[1].split("### ")[0], re.MULTILINE)
    assert told == [column.key for column in EXPORTS[name].columns(ALL)]
