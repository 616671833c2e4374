"""A paper changed together with its hashes: only the seal, whose key isn't in the database, tells."""

import hashlib

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from campaigns.documents.seals import seal
from campaigns.models import Document, DocumentFile
from campaigns.settlement.books.check import breaches
from tests import factories
from tests.settlement.test_books import without_triggers
from tests.whole_campaign import a_live_campaign, end


def papers(session: Session) -> list[DocumentFile]:
    """The files of a closed campaign, as the worker leaves them."""
    end(session, a_live_campaign(session).campaign)
    session.commit()
    assert breaches(session, factories.seal_key()) == []
    return list(session.scalars(select(DocumentFile).order_by(DocumentFile.id)))


def tamper(session: Session, statement: str, **values: object) -> None:
    """What somebody with the database in their hands can do."""
    without_triggers(session)
    session.execute(text(statement), values)
    session.commit()
    session.expire_all()


def test_contents_changed_with_their_hash_are_found_by_who_has_the_key(session: Session):
    document = papers(session)[0].document
    forged = document.contents.replace("ILS", "USD")
    values = {"contents": forged, "hash": hashlib.sha256(forged.encode()).hexdigest(), "id": document.id}
    tamper(session, "UPDATE document SET contents = :contents, contents_sha256 = :hash WHERE id = :id", **values)
    assert not any("hash" in line for line in breaches(session))  # the hashes alone know nothing
    found = [line for line in breaches(session, factories.seal_key()) if "seal" in line]
    assert found == [f"I6 document {document.number}: the application/pdf file doesn't carry our seal"]


def test_bytes_changed_with_their_hash_are_found(session: Session):
    file = papers(session)[0]
    values = {"body": b"%PDF of mine", "hash": hashlib.sha256(b"%PDF of mine").hexdigest(), "id": file.id}
    tamper(session, "UPDATE document_file SET body = :body, sha256 = :hash WHERE id = :id", **values)
    assert ["seal" in line for line in breaches(session, factories.seal_key())] == [True]


def test_a_paper_given_to_somebody_else_is_found(session: Session):
    papers(session)
    other = factories.influencer(session)
    tamper(session, "UPDATE document SET influencer_id = :other WHERE kind = 'payslip'", other=other.id)
    assert sum("seal" in line for line in breaches(session, factories.seal_key())) == 1


@pytest.mark.parametrize("made_up", [None, "", "0" * 64])
def test_a_seal_taken_away_or_made_up_is_found(session: Session, made_up: str | None):
    last = papers(session)[-1]
    tamper(session, "UPDATE document_file SET seal = :seal WHERE id = :id", seal=made_up, id=last.id)
    assert sum("seal" in line for line in breaches(session, factories.seal_key())) == 1


def test_papers_from_before_there_were_seals_need_none(session: Session):
    first = papers(session)[0]
    tamper(session, "UPDATE document_file SET seal = NULL WHERE id = :id", id=first.id)
    assert breaches(session, factories.seal_key()) == []


def test_with_another_key_no_seal_matches(session: Session):
    everything = papers(session)
    assert sum("seal" in line for line in breaches(session, b"another")) == len(everything)


def test_a_seal_is_of_one_format_of_one_paper(session: Session):
    papers(session)
    one, other = session.scalars(select(Document).order_by(Document.id).limit(2))
    made = {seal(b"key", document, kind, "f" * 64) for document in (one, other) for kind in ("text/csv", "a/pdf")}
    assert len(made) == 4
