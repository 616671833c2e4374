"""The pages' font in pieces: every language has its letters, and no piece is heavy."""

from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from campaigns import fonts

SPEAKS = {
    "he": "שלום, אבגד הוזח ץףןםך ״ט׳ 0123456789 ₪ ABC",
    "en": "The quick brown fox — “jumps” 0123456789 €₪ …",
    "ar": "مرحبا بكم، ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي؟ 0123456789",
    "ru": "Съешь же ещё этих мягких французских булок № 0123456789",
}


def drawn(name: str) -> set[int]:
    """The code points a piece has shapes for."""
    return set(TTFont(BytesIO(fonts.cut(name, Path("unused")).read_bytes())).getBestCmap())


@pytest.mark.parametrize("language", SPEAKS)
def test_a_page_can_be_written_with_the_pieces_of_its_language(language: str) -> None:
    letters = set().union(*(drawn(name) for name in fonts.SCRIPTS[language]))
    assert not {letter for letter in SPEAKS[language] if ord(letter) not in letters}


@pytest.mark.parametrize("language", SPEAKS)
def test_the_pieces_of_a_language_weigh_less_than_34_kB(language: str) -> None:
    assert sum(fonts.cut(name, Path("unused")).stat().st_size for name in fonts.SCRIPTS[language]) < 34_000


@pytest.mark.parametrize("piece", fonts.CUTS)
def test_weights_stay_variable_from_regular_to_bold(piece: str) -> None:
    axis = TTFont(BytesIO(fonts.cut(piece, Path("unused")).read_bytes()))["fvar"].axes[0]
    assert (axis.axisTag, axis.minValue, axis.maxValue) == ("wght", 400, 700)


def test_where_the_environment_can_not_be_written_the_data_folder_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(fonts.sys, "prefix", str(tmp_path / "file"))
    made = fonts.cut("hebrew", tmp_path / "data")
    assert made.parent == tmp_path / "data" and made.read_bytes()[:4] == b"wOF2"
