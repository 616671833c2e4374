"""Every pair of colours that text and ground are set in can be read, in the light and in the dark.

WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for borders of fields and what is in focus (1.4.11). The formula is that of
https://www.w3.org/TR/WCAG22/#dfn-relative-luminance.
"""

import re
from pathlib import Path

import pytest

STYLE = Path(__file__).parents[1] / "campaigns" / "static" / "style"
SHEETS = [*sorted(STYLE.glob("*.css")), STYLE.parent / "style.css"]
GROUNDS = ("ground", "surface", "sunken")
TONES = ("good", "warn", "bad", "info")
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "accent", "accent-deep") for ground in GROUNDS],
    *[(ink, f"{tone}-wash") for tone in (*TONES, "accent") for ink in ("ink", tone)],
    *[(tone, ground) for tone in TONES for ground in ("ground", "surface")],
    ("accent-deep", "accent-wash"),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
]
EDGES = [(edge, ground) for edge in ("line-strong", "accent", "bad") for ground in GROUNDS]


def tokens(theme: str) -> dict[str, str]:
    """The colours of a theme, by name."""
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (STYLE / f"{theme}.css").read_text()))


def luminance(colour: str) -> float:
    """How bright a colour is, from 0 to 1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_black_on_white_is_21_and_grey_777_on_white_4_48() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_text_can_be_read(theme: str) -> None:
    colours = tokens(theme)
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in TEXT}
    assert not {pair: round(found, 2) for pair, found in weak.items() if found < 4.5}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_fields_and_what_is_in_focus_can_be_seen(theme: str) -> None:
    colours = tokens(theme)
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in EDGES}
    assert not {pair: round(found, 2) for pair, found in weak.items() if found < 3}


def test_both_themes_have_the_same_names() -> None:
    assert tokens("light").keys() == tokens("dark").keys()


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.name for sheet in SHEETS])
def test_no_sheet_knows_left_or_right_or_a_colour_of_its_own(sheet: Path) -> None:
    text = re.sub(r"/\*.*?\*/", lambda comment: "\n" * comment.group().count("\n"), sheet.read_text(), flags=re.DOTALL)
    for number, line in enumerate(text.splitlines(), start=1):
        assert not re.search(r"\b(left|right)\b|(?:margin|padding|border)-(?:top|bottom)\b", line), (sheet.name, number)
        assert sheet.name in ("light.css", "dark.css") or not re.search(r"#[0-9a-f]{3,6}\b|rgb\(", line), (
            sheet.name,
            number,
        )


def test_every_colour_that_is_used_has_a_name() -> None:
    named = set(re.findall(r"--[\w-]+(?=:)", "".join(sheet.read_text() for sheet in SHEETS)))
    used = set(re.findall(r"var\((--[\w-]+)", "".join(sheet.read_text() for sheet in SHEETS)))
    assert used <= named
