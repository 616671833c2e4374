"""What a PDF says, read back by another program."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader


def pages(body: bytes) -> list[str]:
    """The text of each page, without the marks of direction."""
    marks = dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069\u202a\u202b\u202c"))
    return [page.extract_text().translate(marks) for page in PdfReader(BytesIO(body)).pages]


def families(body: bytes) -> set[str]:
    """The fonts embedded, without their subset tags."""
    return {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in PdfReader(BytesIO(body)).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }


def attached(body: bytes) -> dict[str, bytes]:
    """The files that travel in it."""
    found: dict[str, Any] = PdfReader(BytesIO(body)).attachments
    return {name: contents[0] for name, contents in found.items()}


def conformance(body: bytes) -> str:
    """The variant of PDF/A it says it is, such as "3U"; and it must name a colour space."""
    root: Any = PdfReader(BytesIO(body)).trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert root["/OutputIntents"]
    part, level = (re.search(rf"pdfaid:{name}[^\w]+(\w)", xmp) for name in ("part", "conformance"))
    return f"{part.group(1) if part else ''}{level.group(1) if level else ''}"


def dated(body: bytes) -> set[str]:
    """When its attached files say they were made."""
    root: Any = PdfReader(BytesIO(body)).trailer["/Root"]
    files = [one.get_object()["/EF"]["/F"].get_object() for one in root["/AF"]]
    return {str(one["/Params"][name])[2:16] for one in files for name in ("/CreationDate", "/ModDate")}
