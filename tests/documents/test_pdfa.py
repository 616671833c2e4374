"""PDF/A-3: no paper of ours breaks a rule that we can check, and every check can fail."""

import ast
import logging
import unicodedata
from pathlib import Path

import pytest

from campaigns.documents.finishing import characters
from campaigns.documents.issue import SECOND_LANGUAGE
from campaigns.documents.pdf import WEIGHTS, _font, drawn, named, pdf
from campaigns.documents.render import KINDS, Form, files
from campaigns.i18n import LANGUAGES
from config import PDF_VARIANTS
from tests.documents.contents import MAKERS
from tests.documents.pdfa import broken
from tests.documents.pdfa_spoilt import IN_BYTES, IN_OBJECTS, rewritten
from tests.documents.reading import conformance, pages

VOWELLED = "شيئًا مُحَمَّدٌ إِلَى الآنَ لَأَنَّ"
POINTED = "שָׁלוֹם בְּרֵאשִׁית"


@pytest.fixture(scope="module")
def tagged(fonts: Path) -> bytes:
    """A paper of level A, which the rules of all levels hold for, as pypdf writes it."""
    body = files("payslip", MAKERS["payslip"](language="ar"), fonts, Form("pdf/a-3a"))[0][1]
    return rewritten(body, lambda writer: None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_paper_breaks_a_rule(kind: str, language: str, fonts: Path):
    for variant in ("pdf/a-3u", "pdf/a-3a"):  # level b is less than u
        assert broken(files(kind, MAKERS[kind](language=language), fonts, Form(variant))[0][1]) == []


@pytest.mark.parametrize("variant", PDF_VARIANTS)
def test_nor_does_one_in_two_languages(variant: str, fonts: Path):
    contents = MAKERS["commission_statement"](language="he") | {SECOND_LANGUAGE: "en"}

    assert broken(files("commission_statement", contents, fonts, Form(variant))[0][1]) == []


@pytest.mark.parametrize("words", [VOWELLED, POINTED, "office fluff e\u0301 и\u0306 ½ ² …"])
def test_words_with_marks_and_joined_letters_keep_their_characters(words: str, fonts: Path):
    known = drawn(fonts)
    page = f"<!doctype html><link rel=stylesheet href=asset:documents.css><p>{words}<p><b>{words}</b>"

    assert {character for character in words if ord(character) not in known} == set()
    assert broken(pdf(page, fonts, variant="pdf/a-3u")) == []


@pytest.mark.parametrize("words", ["شيئًا مئة", "שָׁלוֹם שִׁשָּׁה מָה", "office fluff flat e\u0301 é"])
def test_words_are_copied_letter_by_letter_however_often_a_letter_comes(words: str, fonts: Path):
    body = pdf(f"<!doctype html><link rel=stylesheet href=asset:documents.css><p>{words}", fonts)
    read = unicodedata.normalize("NFC", "".join(pages(body)))

    # The order is the reader's part.
    assert sorted(read.replace("\n", "").replace(" ", "")) == sorted(
        unicodedata.normalize("NFC", words).replace(" ", "")
    )


def test_a_glyph_keeps_what_it_stands_for_where_that_was_said():
    assert characters(b"<0001> <00a0>", {1: " "}) == b"<0001> <00a0>"
    assert characters(b"<0001> <0066006c>", {1: "\ufb02"}) == b"<0001> <0066006c>"
    assert characters(b"<0001> <>", {}) == b"<0001> <>"
    assert characters(b"endcmap", {1: "x"}) == b"endcmap"


def test_the_glyphs_of_every_weight_have_the_same_numbers(fonts: Path):
    from io import BytesIO

    from fontTools.ttLib import TTFont

    first, second = (TTFont(BytesIO(_font(weight, fonts))).getGlyphOrder() for weight in WEIGHTS)
    assert first == second and len(named(fonts)) == len(first)


def test_a_good_paper_written_by_another_program_is_good(tagged: bytes):
    assert conformance(tagged) == "3A" and broken(tagged) == []


@pytest.mark.parametrize("rule", IN_OBJECTS)
def test_each_rule_of_objects_is_seen_broken(rule: str, tagged: bytes):
    assert rule in {found for found, _ in broken(rewritten(tagged, IN_OBJECTS[rule]))}


@pytest.mark.parametrize("rule", IN_BYTES)
def test_each_rule_of_bytes_is_seen_broken(rule: str, tagged: bytes, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.CRITICAL)
    spoilt = IN_BYTES[rule](tagged)

    assert spoilt != tagged
    assert rule in {found for found, _ in broken(spoilt)}


def test_no_rule_is_checked_that_was_never_seen_broken():
    sources = [path.read_text() for path in Path(__file__).parent.glob("pdfa_*.py")]
    named_there = {
        node.value.elts[0].value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple)
        if isinstance(node.value.elts[0], ast.Constant)
    }

    assert named_there == IN_BYTES.keys() | IN_OBJECTS.keys()
