"""Style, scripts and fonts: what browsers keep, each under an address that changes with its contents.

The one style sheet is written by subject in static/style/, and joined here with the rules of the fonts and, at its
end, static/style.css; the one script is those of SCRIPTS, each in a block of its own. All is joined and compressed
once in a process. Pages themselves are another matter (compressing.py).
"""

import gzip
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import brotli
from flask import Response, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from campaigns import fonts
from campaigns.blueprints.context import settings
from campaigns.errors import NotFound

FOLDER = Path(__file__).parents[1] / "static"
STYLE, SCRIPT = "style.css", "page.js"
SCRIPTS = ("live", "copy", "submit", "menu")
SUBJECTS = (
    "sizes", "light", "dark", "ground", "frame", "layout", "cards", "words", "buttons", "forms", "tables", "pieces",
    "door", "wide", "today", "charts", "paper", "planning",
)  # fmt: skip
ONE_YEAR, ONE_HOUR = 31_536_000, 3_600
COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*$", re.DOTALL | re.MULTILINE)
INDENT = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Asset:
    """A file as it is sent: plain, and compressed where that helps."""

    media_type: str
    digest: str
    bodies: dict[str, bytes]  # by content coding; "" is the plain one


def serve(filename: str) -> ResponseReturnValue:
    """A static file, in the smallest coding the browser reads."""
    found = assets().get(filename)
    if found is None:
        raise NotFound("no such file")
    coding = next((one for one in ("br", "gzip") if one in found.bodies and request.accept_encodings[one] > 0), "")
    response = Response(found.bodies[coding], content_type=found.media_type)
    if coding:
        response.headers["Content-Encoding"] = coding
    response.headers["Vary"] = "Accept-Encoding"
    current = request.args.get("v") == found.digest
    response.cache_control.public, response.cache_control.immutable = True, current
    response.cache_control.max_age = ONE_YEAR if current else ONE_HOUR
    response.set_etag(f"{found.digest}{coding}")
    return response.make_conditional(request)


def font(name: str) -> ResponseReturnValue:
    """One of the cuts of the pages' font."""
    cut = next((one for one in fonts.CUTS if fonts.address(one) == f"/fonts/{name}"), None)
    if cut is None:
        raise NotFound("no such font")
    made = fonts.cut(cut, settings().data_dir / "fonts")
    response = send_from_directory(made.parent, made.name, mimetype="font/woff2", max_age=ONE_YEAR)
    response.cache_control.immutable = True
    return response


def asset(name: str) -> str:
    """The address of a static file, with its contents' hash: a new release is seen at once."""
    return url_for("static", filename=name, v=assets()[name].digest)


def icon() -> str:
    """The icon within the page itself: smaller than the answer that would bring it."""
    return "data:image/svg+xml," + quote(assets()["icon.svg"].bodies[""].decode().strip(), safe=" ='/:;,()")


def font_addresses(language: str) -> list[str]:
    """The fonts that every page in a language needs, to be fetched with its style."""
    return [fonts.address(name) for name in fonts.SCRIPTS[language]]


@cache
def assets() -> dict[str, Asset]:
    """Everything in the static folder, by name."""
    files = [path for path in FOLDER.rglob("*") if path.is_file() and path.parent != FOLDER / "style"]
    contents = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in sorted(files)}
    contents |= {STYLE: style_sheet().encode(), SCRIPT: script().encode()}
    return {name: _asset(name, body) for name, body in contents.items()}


def style_sheet() -> str:
    """The whole of it, as browsers need it."""
    subjects = {name: (FOLDER / "style" / f"{name}.css").read_text(encoding="utf-8") for name in SUBJECTS}
    subjects["dark"] = _in_the_dark(subjects["dark"])
    parts = [fonts.faces(), *subjects.values(), (FOLDER / STYLE).read_text(encoding="utf-8")]
    return _tight("\n".join(parts))


def script() -> str:
    """What every page runs."""
    return _tight("".join("{\n" + (FOLDER / f"{name}.js").read_text(encoding="utf-8") + "}\n" for name in SCRIPTS))


def _tight(text: str) -> str:
    """Without comments that stand alone, and without indentation."""
    return INDENT.sub("\n", COMMENT.sub("", text)).strip() + "\n"


def _in_the_dark(rules: str) -> str:
    """Dark where the visitor chose it, or where the system is and they did not choose light; never on paper."""
    systems = rules.replace(":root", ":root:not([data-theme=light])")
    chosen = rules.replace(":root", ":root[data-theme=dark]")
    return f"@media screen and (prefers-color-scheme: dark) {{\n{systems}}}\n@media screen {{\n{chosen}}}\n"


def _asset(name: str, body: bytes) -> Asset:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    bodies = {"": body}
    if media_type.startswith("text/") or media_type.endswith(("javascript", "xml", "json")):
        media_type += "; charset=utf-8"
        bodies |= {"gzip": gzip.compress(body, 9, mtime=0), "br": brotli.compress(body)}
    return Asset(media_type, sha256(body).hexdigest()[:12], bodies)
