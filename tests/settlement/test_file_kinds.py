"""An uploaded file is what its bytes say."""

import pytest

from campaigns.errors import Invalid
from campaigns.settlement.exchanging.file_kinds import LARGEST_FILE, media_type_of
from tests.settlement.papers import JPEG, PDF, PNG


@pytest.mark.parametrize(("body", "kind"), [(PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png")])
def test_the_three_kinds_are_known_by_their_bytes(body: bytes, kind: str) -> None:
    assert media_type_of(body) == kind


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>%PDF-1.7 %%EOF", b"GIF89a", PDF[:20], PNG[:12], JPEG[:10], b"PK\x03\x04", b"<svg onload=alert(1)>"],
)
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid, match="file"):
        media_type_of(body)


def test_a_file_may_be_as_large_as_an_everyday_body_carries() -> None:
    whole = PDF[:-6] + b" " * (LARGEST_FILE - len(PDF)) + PDF[-6:]
    assert media_type_of(whole) == "application/pdf"
    with pytest.raises(Invalid, match="larger"):
        media_type_of(whole + b" ")
