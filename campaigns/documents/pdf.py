"""HTML to PDF bytes, reaching for nothing outside this process: no file, no network, no clock.

The only module that imports WeasyPrint, and only when a PDF is made, so web processes don't carry it. A page may ask
for the assets named here and nothing else; anything more stops the rendering. The same HTML gives the same bytes.

One family is shipped, Rubik, which draws Hebrew, Arabic, Cyrillic and Latin. WeasyPrint 70 lays a variable font out
with the advance widths of its default weight (bold text comes out crushed), so each weight is cut out of it as a
static font, once in a process, or once on a disk if a folder is given.

In a variant of PDF/A-3 the paper carries its contents as an attached file, dated with the paper.
"""

import hashlib
import os
import tempfile
import unicodedata
import warnings
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from campaigns.documents.finishing import finisher
from campaigns.errors import Unreadable

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

STYLE_SHEET = Path(__file__).parents[1] / "templates" / "documents" / "documents.css"
WEIGHTS = (400, 700)


@dataclass(frozen=True)
class Attached:
    """A file within a PDF: the data that the paper shows."""

    name: str
    body: bytes
    at: datetime


def pdf(
    html: str, font_folder: Path | None = None, second: str = "", variant: str = "", attached: Attached | None = None
) -> bytes:
    """The PDF of a page; raises Unreadable if the page asks for anything but our assets.

    `font_folder` keeps the static fonts between processes (cutting them takes about two seconds). The pages of
    `second` follow those of `html`, each numbered by itself. `variant` is one of WeasyPrint's, such as "pdf/a-3u".
    """
    from weasyprint import Attachment
    from weasyprint.urls import FatalURLFetchingError

    # The identifier would be random: the content's own hash names the same paper alike every time.
    contents = [html.encode(), second.encode(), variant.encode(), attached.body if attached else b""]
    identifier = hashlib.sha256(b"".join(filter(None, contents))).hexdigest()[:32].encode()
    options: dict[str, Any] = {"pdf_identifier": identifier, "pdf_variant": variant or None}
    if attached is not None:
        facts = {"name": attached.name, "created": attached.at, "modified": attached.at, "relationship": "Data"}
        options["attachments"] = [Attachment(string=attached.body, **facts)]
    try:
        document = _laid_out(html, font_folder, options)
        if second:
            document = document.copy([*document.pages, *_laid_out(second, font_folder, options).pages])
        with warnings.catch_warnings():
            # WeasyPrint 70 leaves the colour profile of PDF/A for the garbage collector to close.
            warnings.simplefilter("ignore", ResourceWarning)
            written: bytes = document.write_pdf(finisher=finisher(named(font_folder)), **options)
    except FatalURLFetchingError as error:
        # It is a BaseException, made to pass every `except Exception` in WeasyPrint; a worker must outlive it.
        raise Unreadable(f"the paper refers to something outside: {error}") from error
    return written


def _laid_out(html: str, font_folder: Path | None, options: dict[str, Any]) -> Any:
    from weasyprint import HTML

    source = HTML(string=html, base_url="asset:/", url_fetcher=fetcher(_assets(font_folder)))
    return source.render(font_config=_font_configuration(), **options)


@cache
def drawn(font_folder: Path | None = None) -> frozenset[int]:
    """The code points that the shipped family has shapes for, in every weight."""
    from fontTools.ttLib import TTFont

    maps = [TTFont(BytesIO(_font(weight, font_folder))).getBestCmap() for weight in WEIGHTS]
    return frozenset.intersection(*map(frozenset, maps))


@cache
def named(font_folder: Path | None = None) -> dict[int, str]:
    """The characters that each glyph stands for by its name, letters in the form that people type.

    Numbers of glyphs are those of every weight. https://github.com/adobe-type-tools/agl-specification
    """
    from fontTools.agl import toUnicode
    from fontTools.ttLib import TTFont

    names = TTFont(BytesIO(_font(WEIGHTS[0], font_folder))).getGlyphOrder()
    return {number: _typed(toUnicode(name)) for number, name in enumerate(names)}


def _typed(text: str) -> str:
    """Joined and final shapes as their letters; other signs that only look like letters (², …) stay what they are."""
    shaped = any("\ufb00" <= character <= "\ufefc" for character in text)
    return unicodedata.normalize("NFKC", text) if shaped else text


def fetcher(assets: dict[str, tuple[str, bytes]]) -> "URLFetcher":
    """A fetcher that knows `assets` (url: media type and bytes) and fails for every other address, data: included."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Assets(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if url not in assets:
                raise ValueError(f"{url[:80]} is none of the paper's assets")
            media_type, content = assets[url]
            return URLFetcherResponse(url, content, {"Content-Type": media_type})

    return Assets(allowed_protocols=frozenset({"asset"}), allow_redirects=False, fail_on_errors=True)


def _assets(font_folder: Path | None) -> dict[str, tuple[str, bytes]]:
    fonts = {f"asset:rubik-{weight}.ttf": ("font/ttf", _font(weight, font_folder)) for weight in WEIGHTS}
    return {"asset:documents.css": ("text/css", STYLE_SHEET.read_bytes()), **fonts}


@cache
def _font_configuration() -> "FontConfiguration":
    """One for the whole process: fonts are loaded once, which saves a third of the time of a short paper."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _font(weight: int, folder: Path | None) -> bytes:
    import fontpkg_rubik

    variable = (fontpkg_rubik.ROOT / "files" / "Rubik[wght].ttf").read_bytes()
    if folder is None:
        return _static(variable, weight)
    # Named by its source, so another release of the font is another file.
    kept = folder / f"rubik-{hashlib.sha256(variable).hexdigest()[:16]}-{weight}.ttf"
    if not kept.exists():
        _write_whole(kept, _static(variable, weight))
    return kept.read_bytes()


def _static(variable: bytes, weight: int) -> bytes:
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(BytesIO(variable), recalcTimestamp=False)
    written = BytesIO()
    instantiateVariableFont(font, {"wght": weight}, inplace=True, updateFontNames=True).save(written)
    return written.getvalue()


def _write_whole(path: Path, content: bytes) -> None:
    """Another process never sees half a font: written beside it, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as beside:
        beside.write(content)
    os.replace(beside.name, path)
