"""Tables with what people entered: only a verified row that was not withdrawn counts."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from campaigns.deductions.entered import ever, row_of, tables
from campaigns.errors import MissingTableRow
from campaigns.models import TableRow
from tests import factories
from tests.factories import NOW

NEW_YEAR = date(2027, 1, 1)


def entry(session: Session, rate: str, *, verified: bool = True, withdrawn: bool = False) -> TableRow:
    """A row of VAT from 2027 on."""
    user = factories.user(session)
    row = TableRow(
        table_name="IL.vat",
        from_date=NEW_YEAR,
        to_date=None,
        figures={"rate": rate},
        source="gazette",
        published_on=date(2026, 12, 24),
        entered_by_user_id=user.id,
        entered_at=NOW,
        verified_by_user_id=user.id if verified else None,
        verified_at=NOW if verified else None,
        withdrawn_at=NOW if withdrawn else None,
    )
    session.add(row)
    session.flush()
    return row


def rate(session: Session, on: date = NEW_YEAR) -> str:
    return tables(session).row("IL.vat", on).values["rate"]


def test_a_verified_row_counts_from_its_first_day(session: Session):
    entry(session, "0.19")

    assert (rate(session, date(2026, 12, 31)), rate(session)) == ("0.18", "0.19")


@pytest.mark.parametrize("state", [{"verified": False}, {"withdrawn": True}])
def test_a_row_nobody_stands_for_counts_for_nothing(session: Session, state):
    entry(session, "0.19", **state)

    assert rate(session) == "0.18"


def test_the_newest_verified_entry_wins(session: Session):
    entry(session, "0.19")
    entry(session, "0.20")
    entry(session, "0.21", verified=False)

    assert rate(session) == "0.20"


def test_a_row_of_a_table_nobody_shipped_is_there_too(session: Session):
    with pytest.raises(MissingTableRow):
        tables(session).row("FR.vat", NEW_YEAR)
    entry(session, "0.20").table_name = "FR.vat"
    assert tables(session).row("FR.vat", NEW_YEAR).values == {"rate": "0.20"}


def test_a_paper_names_the_entry_it_rests_on(session: Session):
    row = row_of(entry(session, "0.19"))

    assert row.as_contents()["entered"] == session.query(TableRow).one().public_id
    assert (row.confidence, row.published_on) == ("verified", date(2026, 12, 24))


def test_what_was_withdrawn_is_still_known_to_papers_of_the_past(session: Session):
    entry(session, "0.19", withdrawn=True)

    assert ever(session).row("IL.vat", NEW_YEAR).values == {"rate": "0.19"}
