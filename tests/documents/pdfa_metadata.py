"""ISO 19005-3, 6.2.3, 6.6 and 6.7: what the paper says about itself, its colours, and its parts."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from pypdf.generic import StreamObject

from tests.documents.pdfa_reading import Finding, Paper, at

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"
DC, PDF, XMP = (
    "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/pdf/1.3/}", "{http://ns.adobe.com/xap/1.0/}"
)  # fmt: skip
PREDEFINED = {
    *(f"{PDFAID}{name}" for name in ("part", "conformance", "amd", "corr")),
    *(f"{DC}{name}" for name in ("title", "creator", "description", "subject", "format", "language", "date")),
    *(f"{PDF}{name}" for name in ("Producer", "Keywords", "PDFVersion", "Trapped")),
    *(f"{XMP}{name}" for name in ("CreateDate", "ModifyDate", "MetadataDate", "CreatorTool")),
}
SAME_AS = {"/Title": f"{DC}title", "/Producer": f"{PDF}Producer", "/Creator": f"{XMP}CreatorTool",
           "/CreationDate": f"{XMP}CreateDate", "/ModDate": f"{XMP}ModifyDate"}  # fmt: skip
PROFILE_CLASSES = (b"prtr", b"mntr", b"scnr", b"spac")
CHANNELS = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}
ELEMENTS = {f"/{name}" for name in (
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl "
    "LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu "
    "WT WP Figure Formula Form").split()}  # fmt: skip


def properties(paper: Paper) -> dict[str, str]:
    """The XMP properties, by their names with namespace; raises ParseError where it is no XML."""
    found: dict[str, str] = {}
    for description in ElementTree.fromstring(_packet(paper)).iter(f"{RDF}Description"):
        found |= {name: value for name, value in description.attrib.items() if not name.startswith(RDF)}
        found |= {one.tag: "".join(one.itertext()).strip() for one in description}
    return found


def level(paper: Paper) -> str:
    """The variant that is claimed, such as "3U"; empty where none is."""
    try:
        found = properties(paper)
    except ElementTree.ParseError:
        return ""
    return found.get(f"{PDFAID}part", "") + found.get(f"{PDFAID}conformance", "")


def metadata(paper: Paper) -> Iterator[Finding]:
    """6.6: XMP that can be read, of schemas everybody knows, that claims a variant and says what Info says."""
    stream = at(paper.root, "/Metadata")
    if not isinstance(stream, StreamObject) or at(stream, "/Type") != "/Metadata" or at(stream, "/Subtype") != "/XML":
        yield "6.6.2 metadata", "none"
        return
    if re.search(rb"<\?xpacket [^?]*(bytes|encoding)=", _packet(paper)):
        yield "6.6.2 packet", "says its bytes or encoding"
    try:
        found = properties(paper)
    except ElementTree.ParseError as error:
        yield "6.6.2 well-formed", str(error)
        return
    for name in found.keys() - PREDEFINED:
        yield "6.6.2.3 property of no predefined schema", name
    if level(paper) not in ("3A", "3B", "3U") or b'xmlns:pdfaid="' not in _packet(paper):
        yield "6.6.4 variant", level(paper)
    info: Any = at(paper.reader.trailer, "/Info", {})
    for key, name in SAME_AS.items():
        if key in info.get_object() and _alike(str(info.get_object()[key])) != _alike(found.get(name, "")):
            yield "house: Info and XMP differ", f"{key}: {info.get_object()[key]!r}, {found.get(name)!r}"


def _packet(paper: Paper) -> bytes:
    return paper.root["/Metadata"].get_data() if "/Metadata" in paper.root else b""


def _alike(value: str) -> str:
    """A date in PDF's and in XMP's spelling, alike; any other text as it is."""
    digits = re.sub(r"\D", "", value.removeprefix("D:"))
    dated = value.startswith("D:") or re.match(r"\d{4}-\d\d-\d\dT", value)
    return digits[:14] if dated else value


def output_intent(paper: Paper) -> Iterator[Finding]:
    """6.2.3: one colour profile, embedded and of a kind and channels that it may have."""
    intents = [one.get_object() for one in at(paper.root, "/OutputIntents", [])]
    profiles = [one["/DestOutputProfile"] for one in intents if "/DestOutputProfile" in one]
    if not any(at(one, "/S") == "/GTS_PDFA1" for one in intents) or not profiles:
        yield "6.2.3 output intent", "none"
    if any(one != profiles[0] for one in profiles):
        yield "6.2.3 profiles differ", str(len(profiles))
    for profile in profiles:
        yield from icc(profile)


def icc(profile: Any) -> Iterator[Finding]:
    """6.2.3 and 6.2.4.2: an ICC profile with as many channels as it says."""
    data: bytes = profile.get_data()
    if data[36:40] != b"acsp" or data[8] > 4 or data[12:16] not in PROFILE_CLASSES:
        yield "6.2.3 colour profile", repr(data[:40])
    elif CHANNELS.get(data[16:20]) != at(profile, "/N"):
        yield "6.2.3 channels of a profile", repr(data[16:20])


def structure(paper: Paper) -> Iterator[Finding]:
    """6.7, of level A: marked as tagged, with a tree of known elements, and a language."""
    if level(paper) != "3A":
        return
    if at(at(paper.root, "/MarkInfo", {}), "/Marked") != True:  # noqa: E712  pypdf's own kind of boolean
        yield "6.7.2 marked", "not"
    if "/StructTreeRoot" not in paper.root:
        yield "6.7.3 structure", "none"
    elif not any(at(one, "/Type") == "/StructElem" for one in paper.dictionaries()):
        yield "6.7.3 empty structure", "no element"
    if not re.fullmatch(r"[a-z]{2,3}(-\w+)*", str(at(paper.root, "/Lang", ""))):
        yield "6.7.4 language", str(at(paper.root, "/Lang"))
    roles = at(at(paper.root, "/StructTreeRoot", {}), "/RoleMap", {})
    for one in paper.dictionaries():
        if at(one, "/Type") == "/StructElem" and at(one, "/S") not in ELEMENTS and at(one, "/S") not in roles:
            yield "6.7.3 element", str(at(one, "/S"))
