"""The agency's signature: valid as another program reads it, broken by a changed byte, refused rather than missing."""

import asyncio
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from campaigns.documents.render import Form, files
from campaigns.documents.signing import CannotSign, signing
from config import PDF_VARIANTS
from tests.documents.certificates import PASSWORD, certificate
from tests.documents.contents import MAKERS
from tests.documents.pdfa import broken
from tests.documents.pdfa_metadata import properties
from tests.documents.pdfa_reading import read
from tests.documents.reading import attached, families


def now() -> datetime:
    return datetime.now(UTC)


def checked(body: bytes) -> Any:
    """What pyhanko says of the one signature in a PDF, trusting its own certificate."""
    (signature,) = PdfFileReader(BytesIO(body)).embedded_signatures
    context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    return asyncio.run(async_validate_pdf_signature(signature, context))


@pytest.fixture
def signed(tmp_path: Path, fonts: Path) -> bytes:
    sign = signing(certificate(tmp_path), PASSWORD, now())
    return files("commission_statement", MAKERS["commission_statement"](language="he"), fonts, Form("pdf/a-3u", sign))[
        0
    ][1]


def test_a_signed_paper_is_intact_valid_and_covers_the_whole_file(signed: bytes):
    status = checked(signed)

    assert status.intact and status.valid and status.trusted
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.signing_cert.subject.human_friendly == "Common Name: Success Agency"


def test_a_changed_byte_breaks_the_signature(signed: bytes):
    place = signed.index(b"/CreationDate (D:2026") + 17
    changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]

    assert not checked(changed).intact


@pytest.mark.parametrize("variant", PDF_VARIANTS)
def test_a_signed_paper_still_keeps_the_rules_of_pdf_a(variant: str, tmp_path: Path, fonts: Path):
    sign = signing(certificate(tmp_path), PASSWORD, now())
    body = files("payslip", MAKERS["payslip"](language="ar"), fonts, Form(variant, sign))[0][1]

    assert broken(body) == []


def test_a_signature_leaves_what_the_paper_says_of_itself(tmp_path: Path, fonts: Path):
    before = files("payslip", MAKERS["payslip"](), fonts, Form("pdf/a-3u"))[0][1]
    after = signing(certificate(tmp_path), PASSWORD, now())(before)

    assert after.startswith(before)
    assert properties(read(after)) == properties(read(before))


def test_a_signed_paper_still_carries_its_data_and_its_fonts(signed: bytes):
    assert list(attached(signed)) == ["CS-2026-00077.json"]
    assert families(signed) == {"Rubik", "Rubik-Bold"}


def test_without_a_certificate_a_paper_has_no_signature(fonts: Path):
    body = files("payslip", MAKERS["payslip"](), fonts)[0][1]

    assert PdfFileReader(BytesIO(body)).embedded_signatures == []


def test_a_certificate_that_cannot_be_used_is_refused_with_the_reason(tmp_path: Path, caplog):
    with pytest.raises(CannotSign, match="is not there"):
        signing(tmp_path / "none.p12", PASSWORD, now())
    path = certificate(tmp_path)
    with pytest.raises(CannotSign, match="can't be read with the password"):
        signing(path, "wrong", now())
    with pytest.raises(CannotSign, match="not valid now"):
        signing(path, PASSWORD, now() + timedelta(days=60))


def test_a_file_that_is_no_certificate_is_refused(tmp_path: Path):
    (tmp_path / "agency.p12").write_bytes(b"hello")

    with pytest.raises(CannotSign, match="can't be read"):
        signing(tmp_path / "agency.p12", PASSWORD, now())
