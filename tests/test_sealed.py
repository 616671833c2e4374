"""What is sealed opens with its key, at its place, unchanged; and not otherwise."""

import dataclasses

import pytest

from campaigns.sealed import Unopenable, seal, unseal
from tests.conftest import settings_for

KEY, OTHER = bytes(range(32)), bytes(32)
PLACE = "shop:a1 https://shop.example"


def test_what_was_sealed_opens_at_its_place() -> None:
    sealed = seal(KEY, b"shpat_secret", PLACE)
    assert unseal(KEY, sealed, PLACE) == b"shpat_secret"
    assert b"shpat" not in sealed


def test_the_same_secret_never_looks_the_same() -> None:
    assert len({seal(KEY, b"shpat_secret", PLACE) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("key", "place"), [(OTHER, PLACE), (KEY, "shop:a2 https://shop.example"), (KEY, "shop:a1 https://eve.example")]
)
def test_another_key_row_or_address_does_not_open_it(key: bytes, place: str) -> None:
    with pytest.raises(Unopenable):
        unseal(key, seal(KEY, b"shpat_secret", PLACE), place)


def test_no_changed_byte_goes_unnoticed() -> None:
    sealed = seal(KEY, b"x", PLACE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Unopenable):
            unseal(KEY, bytes(changed), PLACE)


@pytest.mark.parametrize("length", [0, 1, 5, 13, 28])
def test_what_is_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(Unopenable):
        unseal(KEY, seal(KEY, b"x", PLACE)[:length], PLACE)


def test_the_key_is_the_installations_own_and_no_other_use_has_it(tmp_path) -> None:
    settings = settings_for("sqlite:///:memory:", tmp_path)
    moved = dataclasses.replace(settings, secret_key="another key of more than thirty-two bytes, kept elsewhere")
    assert len(settings.sealing_key) == 32
    assert len({settings.sealing_key, moved.sealing_key, settings.identity_key}) == 3
