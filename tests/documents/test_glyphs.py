"""Characters the font lacks: written out so that nothing is lost, and never drawn with another font."""

import pytest

from campaigns.documents.glyphs import undrawable, written_out
from campaigns.documents.pdf import drawn
from campaigns.documents.render import files
from tests.documents.contents import MAKERS
from tests.documents.reading import families, pages

LATIN = frozenset(range(32, 127))
TYPED = "王小明 🎉 Mina → ① ﬁne"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Mina", "Mina"),
        ("a → b", "a -> b"),
        ("Ｍｉｎａ", "Mina"),
        ("王小", "[U+738B U+5C0F]"),
        ("👩\u200d🎤", "[U+1F469 U+1F3A4]"),
        ("1\ufe0f\u20e3", "1[U+20E3]"),
        ("a\u202fb", "a b"),
        ("＜b＞", "[U+FF1C]b>"),
        ("\u2068Mina\u2069", "\u2068Mina\u2069"),
    ],
)
def test_what_has_no_shape_is_spelled_plainly_or_by_number(typed: str, shown: str):
    assert written_out(typed, LATIN) == shown
    assert not undrawable(shown, LATIN)


def test_a_plain_spelling_can_never_become_markup():
    assert not set('<&"') & set(written_out("＜script＞ ≮ ﹤ ＆lt; ＂", LATIN))


def test_the_font_has_the_four_scripts_and_their_currencies(fonts):
    assert not undrawable("שלום مرحبا Привет Hello ₪ ₽ € № – — × − •", drawn(fonts))
    assert undrawable("→", drawn(fonts))


def test_a_paper_with_names_the_font_lacks_says_so_and_uses_no_other_font(fonts):
    contents = MAKERS["commission_statement"](language="he")
    contents["influencer"] = {**contents["influencer"], "name": TYPED}
    body = files("commission_statement", contents, fonts)[0][1]

    assert families(body) == {"Rubik", "Rubik-Bold"}
    assert "[U+738B U+5C0F U+660E]" in pages(body)[0]
