"""The bank's list of outcomes: read whole or refused whole, and safe to upload twice."""

from datetime import date

import pytest
from flask import current_app
from sqlalchemy.orm import Session

from campaigns.errors import Invalid
from campaigns.models import PayoutLine
from campaigns.settlement.paying.payments import mark_failed
from campaigns.settlement.paying.results import read_results
from tests import paying, whole_campaign
from tests.whole_campaign import CLOSED_AT


@pytest.fixture
def lines(session: Session) -> list[PayoutLine]:
    """Two lines at the bank."""
    whole_campaign.end(session, whole_campaign.a_live_campaign(session).campaign)
    agency = current_app.extensions["settings"].agency()
    return paying.released(session, "ILS", agency, date(2026, 6, 11), CLOSED_AT).lines


def test_lines_are_named_by_id_or_by_the_number_in_the_banks_file(lines: list[PayoutLine]):
    rows = f"line,outcome,reference,reason\r\n{lines[0].public_id},Paid,77,\r\n{lines[1].id:020d},failed,,closed\r\n"
    found = read_results(lines, b"\xef\xbb\xbf" + rows.encode())
    assert [(one.line, one.paid, one.reference, one.reason) for one in found] == [
        (lines[0], True, "77", ""),
        (lines[1], False, "", "closed"),
    ]


def test_what_is_known_already_is_passed_over(session: Session, lines: list[PayoutLine]):
    mark_failed(session, lines[1], "closed", CLOSED_AT, None)
    rows = f"line,outcome,reason\n{lines[0].id},paid,\n{lines[1].id},failed,closed\n"
    assert [one.line for one in read_results(lines, rows.encode())] == [lines[0]]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("{0},paid\n{0},paid", "Row 3 names a line a second time."),
        ("nobody,paid", "Row 2 names a line that is not in this batch."),
        ("{0},perhaps", "Row 2: the outcome must be paid or failed."),
        ("{0},failed", "Row 2: a failed payment needs a reason."),
        ("{0},paid,7", "Row 2 has too few or too many columns."),
        ("{0}", "Row 2 has too few or too many columns."),
    ],
)
def test_a_row_that_cant_be_read_refuses_the_list(lines: list[PayoutLine], rows: str, problem: str):
    with pytest.raises(Invalid) as refused:
        read_results(lines, f"line,outcome\n{rows.format(lines[0].id)}\n".encode())
    assert refused.value.errors == {"results": [problem]}


@pytest.mark.parametrize(
    "body", [b"", b"line\n1", b"line,outcome,amount\n1,paid,3", b"\xff\xfe", b'line,outcome\n"1,paid']
)
def test_what_is_no_such_list_is_refused(lines: list[PayoutLine], body: bytes):
    with pytest.raises(Invalid):
        read_results(lines, body)
