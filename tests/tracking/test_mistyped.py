"""Codes that are like another: one slip away, cut, or with something added; and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.tracking.mistyped import likeness

LETTERS = "AB7"
words = st.text(alphabet=LETTERS, min_size=4, max_size=7)


def one_edit_away(word: str) -> set[str]:
    """Every word that one slip makes of `word`: letters replaced, left out, put in, and neighbours swapped."""
    places = range(len(word) + 1)
    put_in = {word[:at] + letter + word[at:] for at in places for letter in LETTERS}
    left_out = {word[:at] + word[at + 1 :] for at in places[:-1]}
    replaced = {word[:at] + letter + word[at + 1 :] for at in places[:-1] for letter in LETTERS}
    swapped = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places[:-2]}
    return (put_in | left_out | replaced | swapped) - {word}


@pytest.mark.parametrize(
    ("typed", "like"),
    [
        ("NOAX7KP", None),
        ("N0AX7KP", "slip"),
        ("NOAX7K", "slip"),
        ("NOAX7KPP", "slip"),
        ("NOXA7KP", "slip"),
        ("NOAX", "cut"),
        ("X7KP", "cut"),
        ("NOAX7KP10", "added"),
        ("MYNOAX7KP", "added"),
        ("NOAX7KPFOREVER", None),
        ("NOA", None),
        ("SPRING", None),
        ("", None),
    ],
)
def test_a_typed_code_is_like_the_one_that_was_meant(typed: str, like: str | None):
    assert likeness(typed, "NOAX7KP") == like


@given(words, words)
def test_a_slip_is_exactly_one_edit(typed: str, code: str):
    assert (likeness(typed, code) == "slip") == (typed in one_edit_away(code))


@given(words)
def test_every_single_slip_is_found(code: str):
    found = {typed: likeness(typed, code) for typed in one_edit_away(code) if len(typed) >= 4}
    assert set(found.values()) == {"slip"}


def test_words_too_long_for_a_code_are_not_even_compared():
    assert likeness("A" * 61, "A" * 60) is None
