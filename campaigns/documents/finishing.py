"""What WeasyPrint 70 leaves to be put right in a PDF before it is written, found by tests/documents/pdfa.py.

A letter and the marks on it are one cluster. WeasyPrint gives the cluster's characters to one glyph, none to the
others, and holds to it in all words that follow: letters of vowelled Arabic and pointed Hebrew could be lost or doubled
when copied, and PDF/A-3 level U forbids glyphs without characters. The names that the font gives its glyphs say
better. Attached files are also named twice in a row.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

_CHARACTERS = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")  # a line of a ToUnicode map


def finisher(own: Mapping[int, str]) -> Callable[[Any, Any], None]:
    """What WeasyPrint calls with a document and its PDF; `own` are the characters of glyphs by the font's names."""

    def finish(_document: Any, pdf: Any) -> None:
        for one in pdf.objects:
            lines = getattr(one, "stream", None)
            if isinstance(lines, list) and b"begincmap" in lines:
                lines[:] = [characters(line, own) if isinstance(line, bytes) else line for line in lines]
        if "AF" in pdf.catalog:
            pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])

    return finish


def characters(line: bytes, own: Mapping[int, str]) -> bytes:
    """A line of a ToUnicode map; a glyph with no characters, or with its neighbours' too, gets its own.

    >>> characters(b"<0443> <0626064b>", {0x443: chr(0x64B)}), characters(b"<0106> <006600660069>", {0x106: "ffi"})
    (b'<0443> <064b>', b'<0106> <006600660069>')
    """
    found = _CHARACTERS.fullmatch(line)
    if found is None:
        return line
    said = bytes.fromhex(found[2].decode()).decode("utf-16-be")
    known = own.get(int(found[1], 16), "")
    same = unicodedata.normalize("NFKC", said) == unicodedata.normalize("NFKC", known)
    if not known or same or 0 < len(said) <= len(known):
        return line
    return b"<%s> <%s>" % (found[1], known.encode("utf-16-be").hex().encode())
