"""The worker's part with papers: spread over workers, put off where it fails, never unsigned, and how far it is."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import printing
from campaigns.clock import utc_now
from campaigns.db import begin_writing
from campaigns.documents import making
from campaigns.documents.issue import issue, without_files
from campaigns.models import Document, DocumentFile, Mail, PaperTask
from campaigns.printing import papers_wait
from config import Settings
from tests import factories
from tests.documents.authority import STAMPED, authority
from tests.documents.certificates import PASSWORD, certificate
from tests.documents.contents import MAKERS
from tests.documents.test_signing import checked

NOW = utc_now()
LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose fonts are cut once for all of these tests."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def settings(app: Flask, home: Path) -> Settings:
    return replace(current_app.extensions["settings"], data_dir=home)


def issued(session: Session, count: int = 1, **missing: Any) -> list[Document]:
    """Offset notes; `missing` names fields to leave out, and then nothing can be rendered."""
    begin_writing()
    contents = {key: value for key, value in MAKERS["offset_note"]().items() if key not in missing}
    made = [issue(session, "offset_note", contents, "en", NOW, 2026) for _ in range(count)]
    session.commit()
    return made


def make_papers(session: Session, settings: Settings, now: datetime) -> None:
    """One ring of the timer; what it leaves uncommitted ends with its slot."""
    begin_writing()
    printing.make_papers(session, settings, now)
    session.commit()


def test_a_paper_is_claimed_by_one_worker_until_its_lease_has_run_out(app: Flask, session: Session):
    first, second = (one.id for one in issued(session, 2))

    assert making.claim(session, first, NOW)
    assert not making.claim(session, first, NOW + making.LEASE / 2)
    assert making.waiting(session, NOW) == [second]
    assert making.claim(session, first, NOW + making.LEASE)


def test_what_is_made_leaves_no_task_behind(app: Flask, session: Session, settings: Settings):
    issued(session, 2)
    make_papers(session, settings, NOW)

    assert without_files(session) == [] and not papers_wait(session, LATER)
    assert session.scalars(select(PaperTask)).all() == []


def test_a_paper_that_somebody_else_made_meanwhile_is_not_made_again(app: Flask, session: Session, settings: Settings):
    (paper,) = issued(session)
    make_papers(session, settings, NOW)
    before = session.scalars(select(DocumentFile.made_at)).all()
    making.claim(session, paper.id, NOW)
    session.commit()
    make_papers(session, settings, LATER)

    assert session.scalars(select(DocumentFile.made_at)).all() == before


def test_papers_that_cannot_be_made_keep_no_other_from_being_made(app: Flask, session: Session, settings: Settings):
    issued(session, making.LOOKED_AT + 1, against="")
    (good,) = issued(session)
    make_papers(session, settings, NOW)

    assert session.scalars(select(DocumentFile.document_id)).all() == [good.id]
    assert not papers_wait(session, NOW + timedelta(seconds=1)) and papers_wait(session, LATER)


def test_staff_are_told_once_a_day_what_keeps_papers_waiting(app: Flask, session: Session, settings: Settings):
    factories.user(session)
    issued(session, 3, against="")
    for _ in range(2):
        make_papers(session, settings, NOW)
    make_papers(session, settings, LATER)
    assert len(session.scalars(select(Mail)).all()) == 1
    make_papers(session, settings, NOW + timedelta(days=2))

    assert len(session.scalars(select(Mail)).all()) == 2


def test_a_failing_certificate_makes_papers_wait_and_no_unsigned_one(app: Flask, session: Session, settings: Settings):
    factories.user(session).language = "he"
    issued(session)
    signed = replace(settings, pdf_signing_file=str(settings.data_dir / "no.p12"), pdf_signing_password=PASSWORD)
    make_papers(session, signed, NOW)

    assert session.scalars(select(DocumentFile)).all() == []
    assert making.progress(session).problem == "the certificate that papers are signed with is not there"
    assert "תעודת החתימה" in session.scalars(select(Mail)).one().body


def test_papers_that_waited_are_signed_when_the_certificate_is_there(
    app: Flask, session: Session, settings: Settings, tmp_path: Path
):
    issued(session)
    path = tmp_path / "agency.p12"
    signed = replace(settings, pdf_signing_file=str(path), pdf_signing_password=PASSWORD)
    make_papers(session, signed, NOW)
    certificate(tmp_path)
    make_papers(session, signed, LATER)

    assert checked(session.scalars(select(DocumentFile)).one().body).valid
    assert session.scalars(select(PaperTask)).all() == []


def test_papers_wait_for_a_time_stamp_and_none_goes_out_without(
    app: Flask, session: Session, settings: Settings, tmp_path: Path
):
    issued(session)
    path = certificate(tmp_path)
    with authority() as tsa:
        signed = replace(settings, pdf_signing_file=str(path), pdf_signing_password=PASSWORD, pdf_timestamp_url=tsa.url)
        tsa.fails = "broken"
        make_papers(session, signed, NOW)
        assert session.scalars(select(DocumentFile)).all() == []
        assert making.progress(session).problem == "the time-stamp authority does not answer"
        tsa.fails = ""
        make_papers(session, signed, LATER)

    assert checked(session.scalars(select(DocumentFile)).one().body).timestamp_validity.timestamp == STAMPED


def test_progress_counts_the_papers_of_a_campaign(app: Flask, session: Session, settings: Settings):
    issued(session, 2)
    make_papers(session, settings, NOW)
    issued(session, 1)

    assert making.progress(session) == making.Progress(made=2, issued=3)
    assert making.progress(session, campaign_id=99).complete
