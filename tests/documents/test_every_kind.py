"""What holds for every kind of paper in every language: one font, whole numbers, the same bytes, its data within it.

The kinds are those there are: a new one is tried as soon as it has a sample.
"""

import hashlib
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from campaigns.commissions.terms import canonical
from campaigns.documents.issue import SECOND_LANGUAGE
from campaigns.documents.render import KINDS, SHOWS_LESS, Form, files, html
from campaigns.i18n import LANGUAGES
from campaigns.models.documents import DOCUMENT_KINDS, READERS, read_by
from tests.documents.contents import MAKERS
from tests.documents.reading import attached, conformance, dated, families, pages

PDF_A = Form("pdf/a-3u")
TYPED = "王小明 → 🎉"
every_kind = pytest.mark.parametrize("kind", KINDS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def typed_everywhere(value: Any) -> Any:
    """The same contents, with something no font of ours has after each name."""
    if isinstance(value, dict):
        return {
            key: f"{one} {TYPED}" if key in ("name", "legal_name") and isinstance(one, str) else typed_everywhere(one)
            for key, one in value.items()
        }
    return [typed_everywhere(one) for one in value] if isinstance(value, list) else value


@cache
def paper(kind: str, language: str, fonts: Path) -> bytes:
    """A paper of the kind's sample, made once for all that is asked of it."""
    return files(kind, MAKERS[kind](language=language), fonts)[0][1]


@every_language
@every_kind
def test_only_the_shipped_family_is_in_it(kind: str, language: str, fonts):
    assert families(paper(kind, language, fonts)) == {"Rubik", "Rubik-Bold"}


@every_language
@every_kind
def test_only_the_shipped_family_is_in_it_whatever_people_typed(kind: str, language: str, fonts):
    body = files(kind, typed_everywhere(MAKERS[kind](language=language)), fonts)[0][1]

    assert families(body) <= {"Rubik", "Rubik-Bold"}
    assert "[U+738B" in "".join(pages(body)).replace("\n", " ")


@every_language
@every_kind
def test_its_number_and_the_hash_of_its_data_stand_on_every_page(kind: str, language: str, fonts):
    contents = MAKERS[kind](language=language)
    sha256 = hashlib.sha256(canonical(contents).encode()).hexdigest()

    for page in pages(paper(kind, language, fonts)):
        assert contents["number"] in page and sha256 in page


@every_language
@every_kind
def test_every_amount_of_the_page_can_be_read_back_whole(kind: str, language: str, fonts):
    contents = MAKERS[kind](language=language)
    # pypdf puts a sign beside right-to-left words on the wrong side, where pdftotext doesn't: the digits are compared.
    shown = set(re.findall(r"\u2066-?([\d,]+\.\d\d)\u2069", html(kind, contents)))
    read = "\n".join(pages(paper(kind, language, fonts)))

    assert [amount for amount in shown if amount not in read] == []


@every_kind
def test_made_again_it_is_the_same_bytes(kind: str, fonts):
    contents = MAKERS[kind](language="he")

    assert files(kind, contents, fonts, PDF_A) == files(kind, contents, fonts, PDF_A)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in SHOWS_LESS])
def test_as_pdf_a_it_carries_its_data_dated_as_it_is(kind: str, fonts):
    contents = MAKERS[kind](language="ar")
    body = files(kind, contents, fonts, PDF_A)[0][1]

    assert conformance(body) == "3U"
    assert attached(body) == {f"{contents['number']}.json": canonical(contents).encode()}
    assert dated(body) == {f"{datetime.fromisoformat(contents['issued_at']):%Y%m%d%H%M%S}"}


def test_a_paper_that_shows_less_than_its_data_does_not_carry_them(fonts):
    body = files("payroll_order", MAKERS["payroll_order"](), fonts, PDF_A)[0][1]

    assert conformance(body) == "3U" and attached(body) == {}


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {"en"}))
@every_kind
def test_in_two_languages_the_english_version_follows_under_the_same_number(kind: str, language: str, fonts):
    contents = MAKERS[kind](language=language)
    alone = len(pages(paper(kind, language, fonts)))
    both = contents | {SECOND_LANGUAGE: "en"}
    read = pages(files(kind, both, fonts)[0][1])
    marked = [number for number, page in enumerate(read) if "This is the English version of" in page]

    assert marked == [len(read) // 2] or marked == [alone]
    assert all(contents["number"] in page for page in read)
    assert "This is the English version" not in html(kind, contents)


def test_every_kind_says_whom_it_is_for():
    agency_alone = {"payout_batch", "payroll_order"}

    assert READERS.keys() == DOCUMENT_KINDS.keys() - agency_alone
    assert not agency_alone & {*read_by("brand"), *read_by("influencer")}
