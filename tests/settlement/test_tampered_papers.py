"""`books check` and papers that somebody changed behind our back: a byte, a word, a number, a paper taken away."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from campaigns.settlement.books.check import breaches
from tests.settlement.test_books import without_triggers
from tests.whole_campaign import a_live_campaign, end

ONE = "(SELECT min(id) FROM document WHERE kind = 'commission_statement')"


@pytest.fixture
def papers(session: Session) -> Session:
    """The papers of a closed campaign, with nothing to keep anybody from changing them."""
    end(session, a_live_campaign(session).campaign)
    session.commit()
    without_triggers(session)
    assert breaches(session) == []
    return session


@pytest.mark.parametrize(
    ("tampered", "told"),
    [
        (f"UPDATE document SET contents = replace(contents, 'Mina', 'Nina') WHERE id = {ONE}", "match their hash"),
        (f"UPDATE document SET contents_sha256 = 'x' WHERE id = {ONE}", "match their hash"),
        (f"UPDATE document SET number = 'CS-2026-000099' WHERE id = {ONE}", "is numbered"),
        (f"UPDATE document SET serial = serial + 90 WHERE id = {ONE}", "I6 series CS-2026"),
        (f"UPDATE document SET series = 'CS-2025' WHERE id = {ONE}", "I6 series CS-2025"),
        (f"UPDATE document SET kind = 'payslip' WHERE id = {ONE}", "is numbered"),
        (f"UPDATE document_file SET sha256 = 'x' WHERE document_id = {ONE}", "file doesn't match"),
        ("UPDATE number_series SET last = last + 1 WHERE series = 'CS-2026'", "I6 series CS-2026"),
        ("UPDATE number_series SET series = 'CS-2027' WHERE series = 'CS-2026'", "I6 series CS-2027"),
    ],
)
def test_a_changed_paper_is_found(papers: Session, tampered: str, told: str):
    papers.execute(text(tampered))
    papers.expire_all()

    assert any(told in breach for breach in breaches(papers))


def test_a_single_changed_byte_of_a_file_is_found(papers: Session):
    body = papers.execute(text(f"SELECT body FROM document_file WHERE document_id = {ONE}")).scalar_one()
    changed = bytes(body[:-1]) + bytes([body[-1] ^ 1])
    papers.execute(text(f"UPDATE document_file SET body = :body WHERE document_id = {ONE}"), {"body": changed})
    papers.expire_all()

    assert any("file doesn't match its hash" in breach for breach in breaches(papers))


def test_a_paper_taken_away_leaves_a_gap_that_is_found(papers: Session):
    papers.execute(text(f"UPDATE document SET series = 'XX', serial = 1, number = 'XX-1' WHERE id = {ONE}"))
    papers.expire_all()
    found = breaches(papers)

    assert any(breach.startswith("I6 series CS-2026:") for breach in found)
    assert any(breach.startswith("I6 series XX:") for breach in found)


def test_a_series_of_which_nothing_is_left_is_found(papers: Session):
    papers.execute(text("INSERT INTO number_series (series, last) VALUES ('AS-2026', 3)"))

    assert any("I6 series AS-2026: 0 documents" in breach for breach in breaches(papers))
