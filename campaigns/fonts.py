"""The pages' font, cut into one small file for each script, so that a page brings only its own language's letters.

Cut once from the pinned Rubik: by `make setup`, or else when a browser asks first. The weights from 400 to 700 stay
variable, hinting and the shapes nobody asks for go. Beside another script Latin is a name or two: it comes without the
kerning of pairs. A name in a third script is shown in the system's font. Papers are set in the whole font
(documents/pdf.py).
"""

import hashlib
import os
import sys
import tempfile
import threading
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

LIGHTEST, BOLDEST = 400, 700
SHAPING = ("ccmp", "locl", "init", "medi", "fina", "rlig", "mark", "mkmk", "tnum")
_making = threading.Lock()


@dataclass(frozen=True)
class Cut:
    """One file: the family it belongs to in style sheets, its letters as CSS names them, and what OpenType keeps."""

    family: str
    letters: str
    features: tuple[str, ...] = SHAPING

    @property
    def points(self) -> list[int]:
        """The code points of its letters.

        >>> Cut("Rubik", "U+41-43, U+20AA").points
        [65, 66, 67, 8362]
        """
        spans = [part.removeprefix("U+").partition("-") for part in self.letters.split(", ")]
        return [one for low, _, high in spans for one in range(int(low, 16), int(high or low, 16) + 1)]


FIGURES = "U+20-40, U+A0, U+AB, U+B7, U+BB, U+D7, U+2010-2015, U+2018-201E, U+2022, U+2026, U+20AA, U+20AC, U+2212"
LETTERS = "U+41-7E"
CUTS = {
    "latin": Cut("Rubik Latin", f"{FIGURES}, {LETTERS}, U+2039-203A", (*SHAPING, "kern")),
    "latin-more": Cut("Rubik Latin", "U+A1-AA, U+AC-B6, U+B8-BA, U+BC-D6, U+D8-17F, U+218-21B, U+2020-2021, U+2122"),
    "beside": Cut("Rubik", f"{FIGURES}, {LETTERS}"),
    "hebrew": Cut("Rubik Hebrew", "U+591-5F4, U+FB1D-FB4F", (*SHAPING, "kern")),
    "arabic": Cut("Rubik Arabic", "U+60C, U+61B, U+61F, U+621-63A, U+640-652, U+670"),
    "cyrillic": Cut("Rubik Cyrillic", "U+401, U+410-44F, U+451, U+2116", (*SHAPING, "kern")),
}
SCRIPTS = {"en": ("latin",), "he": ("hebrew", "beside"), "ar": ("arabic", "beside"), "ru": ("cyrillic", "beside")}


@cache
def version() -> str:
    """Another release of the font, of the cutter or of this file's table is another address."""
    import fontTools

    recipe = repr((sorted(CUTS.items()), LIGHTEST, BOLDEST, fontTools.version))
    return hashlib.sha256(_whole() + recipe.encode()).hexdigest()[:12]


def address(name: str) -> str:
    """Where browsers find a cut; what is there never changes."""
    return f"/fonts/rubik-{name}-{version()}.woff2"


def faces() -> str:
    """The style sheet's rules that tell a browser which letters are in which file."""
    return "".join(
        f'@font-face {{ font-family: "{cut.family}"; src: url("{address(name)}") format("woff2"); '
        f"font-weight: {LIGHTEST} {BOLDEST}; font-display: swap; unicode-range: {cut.letters}; }}\n"
        for name, cut in CUTS.items()
    )


def cut(name: str, otherwise: Path) -> Path:
    """The file of a cut; all are made where one is missing, beside the environment or in the folder `otherwise`."""
    with _making:
        for folder in (_beside(), otherwise):
            made = folder / Path(address(name)).name
            if made.exists():
                return made
        return make(otherwise) / Path(address(name)).name


def make(otherwise: Path | None = None) -> Path:
    """Cut all of them, some seconds' work; the folder they are in now."""
    folder = _beside()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
    except OSError:
        writable = False
    kept = otherwise if otherwise and not writable else folder
    kept.mkdir(parents=True, exist_ok=True)
    for name, content in _cuts().items():
        with tempfile.NamedTemporaryFile(dir=kept, delete=False) as beside:  # nobody reads half a file
            beside.write(content)
        os.chmod(beside.name, 0o644)
        os.replace(beside.name, kept / Path(address(name)).name)
    return kept


def _beside() -> Path:
    """In the environment whose packages the cuts are made from."""
    return Path(sys.prefix) / "share" / "campaigns" / "fonts"


@cache
def _whole() -> bytes:
    import fontpkg_rubik

    whole: bytes = (fontpkg_rubik.ROOT / "files" / "Rubik[wght].ttf").read_bytes()
    return whole


def _cuts() -> dict[str, bytes]:
    from fontTools.varLib.instancer import instantiateVariableFont

    points = sorted({point for one in CUTS.values() for point in one.points})
    features = tuple(sorted({feature for one in CUTS.values() for feature in one.features}))
    ours = _subset(_whole(), points, features)
    instantiateVariableFont(ours, {"wght": (LIGHTEST, BOLDEST)}, inplace=True)
    family = _written(ours)
    return {name: _written(_subset(family, one.points, one.features), "woff2") for name, one in CUTS.items()}


def _subset(source: bytes, points: list[int], features: tuple[str, ...]) -> Any:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(source), recalcTimestamp=False)
    options = Options(hinting=False, notdef_outline=True, layout_features=list(features), name_IDs=[1, 2, 13, 14])
    cutter = Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    return font


def _written(font: Any, flavor: str | None = None) -> bytes:
    written = BytesIO()
    font.flavor = flavor
    font.save(written)
    return written.getvalue()
