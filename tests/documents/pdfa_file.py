"""ISO 19005-3, 6.1, 6.4, 6.5, 6.8 to 6.11: how the file is written, what it may do, and what travels in it."""

import re
from collections.abc import Iterator

from pypdf.generic import ByteStringObject, NameObject, NumberObject, StreamObject, TextStringObject

from tests.documents.pdfa_reading import Finding, Paper, at

FORBIDDEN_ACTIONS = {
    "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans",
    "/GoTo3DView", "/JavaScript", "/SetState", "/NoOp",
}  # fmt: skip
TURNS = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
FILTERS = {
    "/ASCIIHexDecode", "/ASCII85Decode", "/FlateDecode", "/RunLengthDecode", "/CCITTFaxDecode", "/JBIG2Decode",
    "/DCTDecode", "/JPXDecode",
}  # fmt: skip
KNOWN_ANNOTATIONS = {
    "/Text", "/Link", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/FileAttachment", "/Widget", "/PrinterMark",
    "/TrapNet", "/Watermark", "/Redact",
}  # fmt: skip
PRINT, UNSEEN = 4, 1 | 2 | 32 | 256  # bits: invisible, hidden, no view, toggle no view


def written(paper: Paper) -> Iterator[Finding]:
    """6.1.2 to 6.1.4: the first bytes, the last ones, and the trailer."""
    head = re.match(rb"%PDF-1\.[0-7][\r\n]+%([^\r\n]{4,})[\r\n]", paper.body)
    if not re.match(rb"%PDF-1\.[0-7][\r\n]", paper.body):
        yield "6.1.2 header", repr(paper.body[:10])
    elif head is None or min(head[1][:4]) < 128:
        yield "6.1.2 binary comment", repr(paper.body[8:24])
    if str(at(paper.root, "/Version", "/1.7")) > "/1.7":
        yield "6.1.2 version of the catalog", str(paper.root["/Version"])
    if "/ID" not in paper.reader.trailer:
        yield "6.1.3 identifier", "none"
    if "/Encrypt" in paper.reader.trailer:
        yield "6.1.3 encryption", "encrypted"
    if not re.search(rb"%%EOF(\r\n|\r|\n)?\Z", paper.body):
        yield "6.1.3 end of file", repr(paper.body[-10:])


def objects(paper: Paper) -> Iterator[Finding]:
    """6.1.7 and 6.1.9: each object and stream begins and ends as it should, and streams are as long as they say."""
    for generation, offsets in paper.reader.xref.items():
        for number, offset in offsets.items():
            begins = re.compile(rb"%d %d obj(\r\n|\n|\r)" % (number, generation)).match(paper.body, offset)
            if number == 0 or paper.reader.xref_free_entry.get(generation, {}).get(number):
                continue
            if begins is None or paper.body[offset - 1 : offset] not in (b"\n", b"\r"):
                yield "6.1.9 spacing of objects", str(number)
                continue
            if isinstance(paper.reader.get_object(number), StreamObject):
                yield from _stream(paper, begins.end(), number)


def _stream(paper: Paper, start: int, number: int) -> Iterator[Finding]:
    # Read from the bytes: pypdf drops the length that was written.
    head = re.compile(rb"(.*?)>>\s*stream(\r\n|\n|)", re.DOTALL).match(paper.body, start)
    says = re.search(rb"/Length\s+(\d+)(\s+0\s+R)?", head[1]) if head else None
    if head is None or says is None or not head[2]:
        yield "6.1.7 beginning of a stream", str(number)
        return
    length = int(says[1]) if says[2] is None else int(paper.reader.get_object(int(says[1])))  # type: ignore[call-overload]
    if not re.compile(rb"(\r\n|\n|\r)endstream").match(paper.body, head.end() + length):
        yield "6.1.7 length of a stream", str(number)


def streams(paper: Paper) -> Iterator[Finding]:
    """6.1.7: nothing is kept outside of the file, and nothing is packed in a way that may not be used."""
    for stream in paper.streams():
        if stream.keys() & {"/F", "/FFilter", "/FDecodeParms"}:
            yield "6.1.7 external stream", str(at(stream, "/F"))
        filters = at(stream, "/Filter", [])
        for name in [filters] if isinstance(filters, NameObject) else filters:
            if name not in FILTERS:
                yield "6.1.7 filter", str(name)


def limits(paper: Paper) -> Iterator[Finding]:
    """6.1.13: numbers, strings, names and pages are not larger than any reader takes."""
    for value in paper.values():
        if isinstance(value, NumberObject) and not -(2**31) <= value < 2**31:
            yield "6.1.13 whole number", str(value)
        elif isinstance(value, NameObject) and len(value.encode()) > 128:  # with its stroke
            yield "6.1.13 name", str(value)
        elif isinstance(value, TextStringObject | ByteStringObject) and len(value.original_bytes) > 32767:
            yield "6.1.13 string", str(len(value))
    for page in paper.reader.pages:
        if not all(3 <= side <= 14400 for side in (page.mediabox.width, page.mediabox.height)):
            yield "6.1.13 size of a page", str(page.mediabox)


def annotations(paper: Paper) -> Iterator[Finding]:
    """6.3: annotations of the kinds that last, that are printed, and look like something."""
    for one in paper.annotations():
        kind, flags = str(at(one, "/Subtype")), int(at(one, "/F", 0))
        if kind not in KNOWN_ANNOTATIONS:
            yield "6.3.1 kind of annotation", kind
        if kind == "/Popup":
            continue
        if not flags & PRINT or flags & UNSEEN:
            yield "6.3.2 flags of an annotation", f"{kind} {flags}"
        x1, y1, x2, y2 = one["/Rect"]
        if kind != "/Link" and "/AP" not in one and x1 != x2 and y1 != y2:
            yield "6.3.3 appearance of an annotation", kind
        if set(at(one, "/AP", {"/N": None})) != {"/N"}:
            yield "6.3.3 appearances by the mouse", kind


def forms(paper: Paper) -> Iterator[Finding]:
    """6.4: fields look as they are written, run nothing, and a signature covers what it says."""
    form = at(paper.root, "/AcroForm", {})
    if at(form, "/NeedAppearances", False):
        yield "6.4.1 appearances of fields", "left to the reader"
    if "/XFA" in form or "/NeedsRendering" in paper.root:
        yield "6.4.2 XFA", "there"
    for one in paper.annotations():
        if at(one, "/Subtype") == "/Widget" and one.keys() & {"/A", "/AA"}:
            yield "6.4.1 action of a field", str(at(one, "/T"))
    ranges = [one["/ByteRange"] for one in paper.dictionaries() if at(one, "/FT") is None and "/ByteRange" in one]
    if ranges and max(start + length for _, _, start, length in ranges) != len(paper.body):
        yield "6.4.3 reach of a signature", str(ranges)


def actions(paper: Paper) -> Iterator[Finding]:
    """6.5: nothing happens but going to a page or an address."""
    for one in paper.dictionaries():
        if at(one, "/S") in FORBIDDEN_ACTIONS:
            yield "6.5.1 action", str(one["/S"])
        if at(one, "/S") == "/Named" and at(one, "/N") not in TURNS:
            yield "6.5.1 named action", str(at(one, "/N"))
        if at(one, "/Type") in ("/Catalog", "/Page") and "/AA" in one:
            yield "6.5.2 action of its own", str(one["/Type"])
    if "/JavaScript" in at(paper.root, "/Names", {}):
        yield "6.5.1 script of the document", "there"


def files(paper: Paper) -> Iterator[Finding]:
    """6.8: each file says what it is, when it was changed, and how it belongs to the paper."""
    belonging = [one.get_object() for one in at(paper.root, "/AF", [])]
    for one in paper.dictionaries():
        if "/EF" not in one:
            continue
        name, stream = str(at(one, "/UF")), one["/EF"]["/F"]
        if not one.keys() >= {"/F", "/UF"}:
            yield "6.8 name of a file", name
        if at(one, "/AFRelationship") not in ("/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified"):
            yield "6.8 relationship of a file", name
        if not re.fullmatch(r"/[\w.+-]+/[\w.+-]+", str(at(stream, "/Subtype"))):
            yield "6.8 media type of a file", name
        if not str(at(at(stream, "/Params", {}), "/ModDate", "")).startswith("D:"):
            yield "6.8 date of a file", name
        if one not in belonging:
            yield "6.8 file of nothing", name
    if len({at(one, "/UF") for one in belonging}) != len(belonging):
        yield "house: a file named twice", str([at(one, "/UF") for one in belonging])


def left_out(paper: Paper) -> Iterator[Finding]:
    """6.1.12 and 6.9 to 6.11: no layers, no slide shows, no wishes of the reader, no rights of one vendor's."""
    if "/OCProperties" in paper.root:
        yield "house: layers", "there"  # 6.9 lets some through; papers of ours have none
    if "/AlternatePresentations" in at(paper.root, "/Names", {}) or any("/PresSteps" in p for p in paper.reader.pages):
        yield "6.10 presentations", "there"
    if "/Requirements" in paper.root:
        yield "6.11 requirements", "there"
    if set(at(paper.root, "/Perms", {})) - {"/UR3", "/DocMDP"}:
        yield "6.1.12 permissions", str(paper.root["/Perms"])
