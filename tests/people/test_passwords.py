"""Passwords: what is stored, what is refused, and that nobody costs as much as somebody."""

import pytest
from argon2 import PasswordHasher

from campaigns.people import passwords


def test_a_password_fits_its_own_hash_only():
    stored = passwords.hash_password("a sentence nobody guesses")
    assert stored.startswith("$argon2id$")
    assert passwords.verify_password(stored, "a sentence nobody guesses")
    assert not passwords.verify_password(stored, "a sentence nobody guesseS")


def test_a_letter_typed_on_two_keyboards_is_one_letter():
    stored = passwords.hash_password("caf\u00e9 at the corner")
    assert passwords.verify_password(stored, "cafe\u0301 at the corner")


def test_without_an_account_no_password_is_right():
    assert not passwords.verify_password(None, "a sentence nobody guesses")


def test_a_stranger_costs_a_hash_of_todays_price():
    assert not passwords.needs_rehash(passwords.NOBODY)


def test_a_cheaper_hash_of_yesterday_is_renewed():
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("a sentence nobody guesses")
    assert passwords.needs_rehash(cheap)
    assert passwords.verify_password(cheap, "a sentence nobody guesses")


@pytest.mark.parametrize(
    "password",
    ["short one", "password2026!", "Influencer123", "qwertyuiop", "1234567890", "aaaaaaaaaaaa", "abababababab"]
    + ["x" * 257, "two lines\nof text", "סיסמה123456"],
)
def test_an_easy_or_untypable_password_is_refused(password: str):
    assert len(passwords.password_errors(password)) == 1


@pytest.mark.parametrize("password", ["ten chars!", "x7" * 20 + "qpl", "שלוש כוסות קפה ביום", "a" * 250 + "bcdefg"])
def test_length_makes_a_password_without_rules_about_signs(password: str):
    assert passwords.password_errors(password) == []
