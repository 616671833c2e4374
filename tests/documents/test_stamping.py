"""Time stamps: a signature carries the authority's moment, or the paper waits; nothing is signed by half."""

import asyncio
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from campaigns import printing
from campaigns.clock import utc_now
from campaigns.documents.render import Form, files
from campaigns.documents.signing import CannotSign, signing
from config import Settings, SettingsError
from tests.documents.authority import STAMPED, Authority, authority
from tests.documents.certificates import PASSWORD, certificate
from tests.documents.contents import MAKERS
from tests.documents.pdfa import broken

NOW = utc_now()
UNUSABLE = "the time-stamp authority's answer can't be used"
SILENT = "the time-stamp authority does not answer"
REFUSED = "the time-stamp authority refused"
FAILURES = {
    "nonce": UNUSABLE, "no nonce": UNUSABLE, "digest": UNUSABLE, "signature": UNUSABLE, "garbage": UNUSABLE,
    "half": UNUSABLE, "refuses": REFUSED, "forbids": REFUSED, "broken": SILENT, "silent": SILENT,
}  # fmt: skip


@pytest.fixture
def tsa() -> Iterator[Authority]:
    with authority() as made:
        yield made


@pytest.fixture
def paper(fonts: Path) -> bytes:
    return files("offset_note", MAKERS["offset_note"](), fonts, Form("pdf/a-3u"))[0][1]


def signed(paper: bytes, folder: Path, url: str) -> bytes:
    """A paper, signed and stamped as the worker does it."""
    return signing(certificate(folder), PASSWORD, NOW, printing.asking(url))(paper)


def checked(body: bytes, tsa: Authority) -> Any:
    """What pyhanko says of the one signature, trusting its own certificate and the authority's."""
    (signature,) = PdfFileReader(BytesIO(body)).embedded_signatures
    own = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    theirs = ValidationContext(trust_roots=[tsa.certificate], allow_fetching=False)
    return asyncio.run(async_validate_pdf_signature(signature, own, ts_validation_context=theirs))


def test_a_stamped_signature_carries_the_authoritys_moment(paper: bytes, tmp_path: Path, tsa: Authority):
    status = checked(signed(paper, tmp_path, tsa.url), tsa)

    assert status.intact and status.valid and status.trusted
    stamp = status.timestamp_validity
    assert stamp.intact and stamp.valid and stamp.trusted and stamp.timestamp == STAMPED


def test_an_authority_is_asked_once_a_paper_as_the_standard_says(paper: bytes, tmp_path: Path, tsa: Authority):
    signed(paper, tmp_path, tsa.url)

    assert tsa.asked == [("application/timestamp-query", "application/timestamp-reply")]


def test_a_stamped_paper_keeps_the_rules_of_pdf_a(paper: bytes, tmp_path: Path, tsa: Authority):
    assert broken(signed(paper, tmp_path, tsa.url)) == []


def test_without_an_authority_a_signature_has_no_stamp(paper: bytes, tmp_path: Path, tsa: Authority):
    status = checked(signing(certificate(tmp_path), PASSWORD, NOW)(paper), tsa)

    assert status.valid and status.timestamp_validity is None and tsa.asked == []


@pytest.mark.parametrize("fails", FAILURES)
def test_a_stamp_that_does_not_hold_leaves_nothing_signed(
    fails: str, paper: bytes, tmp_path: Path, tsa: Authority, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(printing, "STAMP_SECONDS", 0.3)
    tsa.fails = fails

    with pytest.raises(CannotSign, match=FAILURES[fails]):
        signed(paper, tmp_path, tsa.url)


def test_an_authority_that_is_gone_is_said_so(paper: bytes, tmp_path: Path):
    with authority() as gone:
        url = gone.url

    with pytest.raises(CannotSign, match=SILENT):
        signed(paper, tmp_path, url)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"PDF_TIMESTAMP_URL": "https://tsa.example"}, "set PDF_SIGNING_FILE"),
        ({"PDF_TIMESTAMP_URL": "tsa.example", "PDF_SIGNING_FILE": "a.p12"}, "begins with https"),
        ({"PDF_TIMESTAMP_URL": "https://me:word@tsa.example", "PDF_SIGNING_FILE": "a.p12"}, "begins with https"),
    ],
)
def test_an_authority_that_cannot_be_asked_is_refused_at_the_start(wrong: dict[str, str], words: str):
    with pytest.raises(SettingsError, match=words):
        Settings.from_env({"SECRET_KEY": "k" * 32, **wrong})
