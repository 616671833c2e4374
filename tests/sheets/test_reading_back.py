"""What was written comes back: every text to the letter, every value to its type."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.errors import Unreadable
from campaigns.i18n import speaking
from campaigns.sheets.cells import quoted, runs, unquoted
from campaigns.sheets.reading import read_cells, read_table
from tests.sheets.tables import MINA, SALES, ZONE, again, file_of, names, sales

TEXTS = st.text() | st.text(alphabet="'=+-@\t\r\n\0＝﹦ 1a\u2066\ufeff_x005FD<r>&/", max_size=12)
STRANGE = [
    '=HYPERLINK("http://x.example","y")', "@x", "\tx", "\rx", "＝1+1", "＠mina", "'=1+1", "''@x", "'n betje",
    "-5", "'-5", "+972-50-1234567", "-2+3", "\u2066=1+1", "_x000D_", "_x005F_x000D_", "<r>x</r>", "<r><t>x</t></r>",
    "a\r\nb", " x ", "\ufffe", 'say "hi", twice;', "\x0b\x1f", "007",
]  # fmt: skip


@settings(deadline=None)
@given(TEXTS)
def test_a_quote_is_taken_away_only_where_it_was_put(text: str):
    assert unquoted(quoted(text)) == text
    assert not runs(quoted(text))


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
@settings(max_examples=300, deadline=None)
def test_a_csv_gives_every_text_back(rows: list[tuple[str, str]]):
    expected = [row for row in rows if any(row)]
    assert [(row["name"], row["note"]) for row in again(names(rows), "csv")] == expected


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_workbook_gives_every_text_back(rows: list[tuple[str, str]]):
    expected = [row for row in rows if any(row)]
    assert [(row["name"], row["note"]) for row in again(names(rows), "xlsx")] == expected


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("text", STRANGE)
def test_a_strange_name_stays_text_and_comes_back(text: str, ending: str):
    (row,) = again(names([(text, "note")]), ending)
    assert row["name"] == text


@pytest.mark.parametrize("text", STRANGE)
def test_no_cell_of_a_csv_would_be_run(text: str):
    written = file_of(names([(text, "")]), "csv").decode("utf-8-sig")
    ((_, (cell, _)), *_) = [(0, row) for row in list(csv.reader(StringIO(written, newline="")))[1:]]
    assert not runs(cell)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["he", "ar", "ru", "en"])
def test_every_kind_of_value_comes_back_in_whatever_language_it_was_written(ending: str, language: str):
    with speaking(language):
        file = file_of(sales(MINA), ending)
    (row,) = read_table(file, SALES, ZONE)
    assert tuple(row.values()) == MINA
    assert row["placed_at"] == datetime(2026, 5, 10, 21, 30, tzinfo=UTC)


def test_a_table_that_another_program_saved_with_semicolons_is_read():
    file = "Note;name\r\nhe said;Mina\r\n".encode("utf-16")
    assert list(read_table(file, names([]).columns, ZONE)) == [{"name": "Mina", "note": "he said"}]


def test_a_column_that_is_needed_and_missing_is_named():
    with pytest.raises(Unreadable, match="these columns are missing: Note"):
        list(read_table(b"name\r\nMina\r\n", names([]).columns, ZONE, needed=("name", "note")))


def test_a_value_that_is_none_of_its_kind_is_named_with_its_row():
    file = b"name,net_minor,currency\r\nMina,12.50,ILS\r\nNoa,12.505,ILS\r\n"
    with pytest.raises(Unreadable, match=r"row 3: Net sale can't be 12\.505"):
        list(read_table(file, SALES, ZONE))


@pytest.mark.parametrize("file", [b"PK\x03\x04 no workbook", b"\xff\x00\x81", b"\x80abc"])
def test_what_is_no_table_is_refused(file: bytes):
    with pytest.raises(Unreadable):
        list(read_cells(file))
