"""Ways to spoil a good PDF, one for each rule that tests/documents/pdfa.py checks: so that every check can fail."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject, read_object

Spoiling = Callable[[PdfWriter], Any]
Bytes = Callable[[bytes], bytes]


def rewritten(body: bytes, spoil: Spoiling) -> bytes:
    """A PDF written anew, after something was done to its objects."""
    writer, written = PdfWriter(clone_from=PdfReader(BytesIO(body))), BytesIO()
    spoil(writer)
    writer.write(written)
    return written.getvalue()


def _read(writer: PdfWriter, text: str) -> Any:
    return read_object(BytesIO(text.encode() + b" "), writer)


def _put(holder: Any, writer: PdfWriter, key: str, text: str) -> None:
    holder[NameObject(key)] = _read(writer, text)


def _root(key: str, text: str) -> Spoiling:
    return lambda writer: _put(writer.root_object, writer, key, text)


def _without(key: str) -> Spoiling:
    return lambda writer: writer.root_object.pop(key)


def _page(key: str, text: str) -> Spoiling:
    return lambda writer: _put(writer.pages[0], writer, key, text)


def _annotation(text: str) -> Spoiling:
    return _page("/Annots", f"[<< /Type /Annot {text} >>]")


def _stream(writer: PdfWriter, data: bytes, **facts: str) -> Any:
    stream = DecodedStreamObject()
    stream.set_data(data)
    for key, text in facts.items():
        _put(stream, writer, f"/{key}", text)
    return writer._add_object(stream)


def _kept(data: bytes, **facts: str) -> Spoiling:
    """One more stream in the file."""
    return lambda writer: _stream(writer, data, **facts)


def _drawn(data: bytes) -> Spoiling:
    """One more thing drawn on the first page."""

    def spoil(writer: PdfWriter) -> None:
        before = writer.pages[0]["/Contents"].get_object().get_data()  # type: ignore[attr-defined]
        writer.pages[0][NameObject("/Contents")] = _stream(writer, before + b"\n" + data)

    return spoil


def _resource(kind: str, text: str) -> Spoiling:
    return lambda writer: _put(writer.pages[0]["/Resources"][kind], writer, "/Spoilt", text)  # type: ignore[index]


def _form(**facts: str) -> Spoiling:
    def spoil(writer: PdfWriter) -> None:
        made = _stream(writer, b"", Subtype="/Form", BBox="[0 0 1 1]", **facts)
        writer.pages[0]["/Resources"]["/XObject"][NameObject("/Spoilt")] = made  # type: ignore[index]

    return spoil


def _file(change: Callable[[PdfWriter, Any], Any]) -> Spoiling:
    return lambda writer: change(writer, writer.root_object["/AF"][0].get_object())  # type: ignore[index]


def _font(change: Callable[[PdfWriter, Any, Any], Any]) -> Spoiling:
    """Something done to the first font, and the one within it."""

    def spoil(writer: PdfWriter) -> None:
        fonts: Any = writer.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
        font = fonts[min(fonts)]
        change(writer, font, font["/DescendantFonts"][0].get_object())

    return spoil


def _characters(change: Bytes) -> Spoiling:
    def spoil(writer: PdfWriter, font: Any, _inner: Any) -> None:
        font[NameObject("/ToUnicode")] = _stream(writer, change(font["/ToUnicode"].get_data()))

    return _font(spoil)


def _shown(codes: bytes) -> Spoiling:
    """These codes written in the first font."""

    def spoil(writer: PdfWriter) -> None:
        name = min(writer.pages[0]["/Resources"]["/Font"])  # type: ignore[index]
        _drawn(b"BT %s 9 Tf <%s> Tj ET" % (name.encode(), codes))(writer)

    return spoil


def _profile(change: Callable[[PdfWriter, Any, Any], Any]) -> Spoiling:
    """Something done to the output intent, and the profile in it."""

    def spoil(writer: PdfWriter) -> None:
        intent: Any = writer.root_object["/OutputIntents"][0]  # type: ignore[index]
        change(writer, intent, intent["/DestOutputProfile"])

    return spoil


def _second_profile(writer: PdfWriter, _intent: Any, profile: Any) -> None:
    other = _stream(writer, profile.get_data() + b"\0", N="3")
    intent = _read(writer, "<< /S /GTS_PDFA1 >>")
    intent[NameObject("/DestOutputProfile")] = other
    writer.root_object["/OutputIntents"].append(intent)  # type: ignore[attr-defined]


def _said(old: bytes, new: bytes) -> Spoiling:
    """Other words in the metadata."""

    def spoil(writer: PdfWriter) -> None:
        packet: bytes = writer.root_object["/Metadata"].get_object().get_data()  # type: ignore[attr-defined]
        assert old in packet
        made = _stream(writer, packet.replace(old, new), Type="/Metadata", Subtype="/XML")
        writer.root_object[NameObject("/Metadata")] = made

    return spoil


def _each(*spoilings: Spoiling) -> Spoiling:
    return lambda writer: [spoil(writer) for spoil in spoilings]


def _no_elements(writer: PdfWriter) -> None:
    for number in range(1, len(writer._objects) + 1):
        one: Any = writer.get_object(number)
        if isinstance(one, dict) and one.get("/Type") == "/StructElem":
            _put(one, writer, "/Type", "/Other")


_SQUARE = "/Subtype /Square /Rect [0 0 9 9] /F 4"

# In the bytes as they are: these places are found in any PDF that pypdf wrote.
IN_BYTES: dict[str, Bytes] = {
    "6.1.2 header": lambda body: body.replace(b"%PDF-1.3", b"%PDF-2.0", 1),
    "6.1.2 binary comment": lambda body: body.replace(b"%\xe2\xe3\xcf\xd3", b"%text", 1),
    "6.1.3 end of file": lambda body: body + b"more",
    "6.1.7 beginning of a stream": lambda body: body.replace(b"\nstream\n", b"\nstream\r", 1),
    "6.1.7 length of a stream": lambda body: body.replace(b"\nendstream", b" endstream", 1),
    "6.1.9 spacing of objects": lambda body: body.replace(b"\n2 0 obj\n", b"\n2 0 obj ", 1),
}

IN_OBJECTS: dict[str, Spoiling] = {
    "6.1.2 version of the catalog": _root("/Version", "/2.0"),
    "6.1.3 identifier": lambda writer: setattr(writer, "_ID", None),
    "6.1.3 encryption": lambda writer: writer.encrypt("", "owner", algorithm="AES-256"),
    "6.1.7 external stream": _kept(b"", F="(elsewhere)"),
    "6.1.7 filter": _kept(b"", Filter="/LZWDecode"),
    "6.1.12 permissions": _root("/Perms", "<< /Mine 1 >>"),
    "6.1.13 whole number": _root("/Spoilt", "2147483648"),
    "6.1.13 name": _root("/Spoilt", "/" + "a" * 128),
    "6.1.13 string": _root("/Spoilt", "(" + "a" * 32768 + ")"),
    "6.1.13 size of a page": _page("/MediaBox", "[0 0 2 2]"),
    "6.1.13 nesting of states": _drawn(b"q " * 29 + b"Q " * 29),
    "6.2.2 resources of its own": _form(),
    "6.2.2 operator": _drawn(b"1 sparkle"),
    "6.2.2 name of a resource": _drawn(b"/Nobody gs"),
    "6.2.3 output intent": _without("/OutputIntents"),
    "6.2.3 profiles differ": _profile(_second_profile),
    "6.2.3 colour profile": _profile(
        lambda writer, intent, _: intent.update({NameObject("/DestOutputProfile"): _stream(writer, b"x" * 99, N="3")})
    ),
    "6.2.3 channels of a profile": _profile(lambda writer, _, profile: _put(profile, writer, "/N", "4")),
    "6.2.4.3 colour of a device": _drawn(b"0 0 0 1 k"),
    "6.2.4.3 space of a device": _resource("/ColorSpace", "/DeviceCMYK"),
    "house: space we can't judge": _resource("/ColorSpace", "[/Indexed /DeviceRGB 1 (aaabbb)]"),
    "6.2.5 transfer function": _resource("/ExtGState", "<< /TR2 /Identity >>"),
    "6.2.6 intent of a drawing": _drawn(b"/Loud ri"),
    "6.2.6 intent of a state": _resource("/ExtGState", "<< /RI /Loud >>"),
    "6.2.8 picture": _kept(b"", Subtype="/Image", Interpolate="true"),
    "house: picture we can't judge": _kept(b"", Subtype="/Image", Filter="/JPXDecode"),
    "house: inline image": _drawn(b"BI /W 1 /H 1 /BPC 8 /CS /G ID x EI"),
    "6.2.9 form": _form(Ref="<< >>", Resources="<< >>"),
    "6.2.10 blending": _resource("/ExtGState", "<< /BM /Glitter >>"),
    "6.2.10 space of blending": _each(_without("/OutputIntents"), _resource("/ExtGState", "<< /ca 0.5 >>")),
    "house: font we can't judge": _font(lambda writer, font, _: _put(font, writer, "/Subtype", "/Type3")),
    "6.2.11.3 codes to glyphs": _font(lambda _writer, _font, inner: inner.pop("/CIDToGIDMap")),
    "6.2.11.4 embedded": _font(lambda _writer, _font, inner: inner["/FontDescriptor"].pop("/FontFile2")),
    "6.2.11.4 font program": _font(
        lambda writer, _, inner: inner["/FontDescriptor"].update(
            {NameObject("/FontFile2"): _stream(writer, b"x" * 99, Length1="99")}
        )
    ),
    "6.2.11.4 glyphs": _shown(b"fff0"),
    "6.2.11.5 width of a glyph": _font(lambda writer, _, inner: _put(inner, writer, "/W", "[0 65535 3]")),
    "6.2.11.7 characters": _font(lambda _writer, font, _inner: font.pop("/ToUnicode")),
    "6.2.11.7 character of a glyph": _characters(lambda data: data.replace(b"beginbfchar\n<", b"beginbfchar\n<f", 1)),
    "6.2.11.7 no character": _characters(lambda data: data.replace(b"endbfchar", b"<fff0> <feff>\nendbfchar", 1)),
    "6.2.11.8 no glyph": _shown(b"0000"),
    "6.3.1 kind of annotation": _annotation("/Subtype /Sound /Rect [0 0 0 0] /F 4"),
    "6.3.2 flags of an annotation": _annotation("/Subtype /Link /Rect [0 0 0 0] /F 6"),
    "6.3.3 appearance of an annotation": _annotation(_SQUARE),
    "6.3.3 appearances by the mouse": _annotation(f"{_SQUARE} /AP << /N 1 /D 1 >>"),
    "6.4.1 appearances of fields": _root("/AcroForm", "<< /Fields [] /NeedAppearances true >>"),
    "6.4.1 action of a field": _annotation("/Subtype /Widget /Rect [0 0 0 0] /F 4 /AA << >>"),
    "6.4.2 XFA": _root("/AcroForm", "<< /Fields [] /XFA [] >>"),
    "6.4.3 reach of a signature": _root("/Spoilt", "<< /Type /Sig /ByteRange [0 1 2 3] >>"),
    "6.5.1 action": _root("/OpenAction", "<< /S /JavaScript /JS (1) >>"),
    "6.5.1 named action": _root("/OpenAction", "<< /S /Named /N /Print >>"),
    "6.5.1 script of the document": _root("/Names", "<< /JavaScript << /Names [] >> >>"),
    "6.5.2 action of its own": _page("/AA", "<< >>"),
    "6.6.2 metadata": _without("/Metadata"),
    "6.6.2 packet": _said(b"<?xpacket begin", b'<?xpacket encoding="UTF-8" begin'),
    "6.6.2 well-formed": _said(b"</rdf:RDF>", b"</rdf:RDG>"),
    "6.6.2.3 property of no predefined schema": _said(b"pdf:Producer", b"pdf:Colour"),
    "6.6.4 variant": _said(b'pdfaid:part="3"', b'pdfaid:part="9"'),
    "house: Info and XMP differ": lambda writer: writer.add_metadata({"/Title": "Another"}),
    "6.7.2 marked": _root("/MarkInfo", "<< /Marked false >>"),
    "6.7.3 structure": _without("/StructTreeRoot"),
    "6.7.3 empty structure": _no_elements,
    "6.7.3 element": _root("/Spoilt", "<< /Type /StructElem /S /Glitter >>"),
    "6.7.4 language": _root("/Lang", "()"),
    "6.8 name of a file": _file(lambda _, file: file.pop("/F")),
    "6.8 relationship of a file": _file(lambda _, file: file.pop("/AFRelationship")),
    "6.8 media type of a file": _file(lambda _, file: file["/EF"]["/F"].pop("/Subtype")),
    "6.8 date of a file": _file(lambda _, file: file["/EF"]["/F"]["/Params"].pop("/ModDate")),
    "6.8 file of nothing": _without("/AF"),
    "house: a file named twice": lambda writer: writer.root_object["/AF"].append(writer.root_object["/AF"][0]),
    "house: layers": _root("/OCProperties", "<< >>"),
    "6.10 presentations": _page("/PresSteps", "<< >>"),
    "6.11 requirements": _root("/Requirements", "[]"),
}
