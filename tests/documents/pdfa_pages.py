"""ISO 19005-3, 6.2: what is drawn, in which colours, by which fonts."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont, TTLibError
from pypdf.generic import ArrayObject, DictionaryObject

from tests.documents.pdfa_metadata import icc, level
from tests.documents.pdfa_reading import Drawing, Finding, Paper, at

OPERATORS = {name.encode() for name in (
    "b B b* B* BDC BMC BT BX c cm CS cs d d0 d1 Do DP EMC ET EX f F f* G g gs h i j J K k l m M MP n q Q re RG rg ri s "
    "S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \"").split()}  # fmt: skip
DEVICE = {b"g": 1, b"G": 1, b"rg": 3, b"RG": 3, b"k": 4, b"K": 4}  # channels
DEVICE_SPACES = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
CALIBRATED = {"/CalGray", "/CalRGB", "/Lab", "/ICCBased"}
NAMED = {b"cs": "/ColorSpace", b"CS": "/ColorSpace", b"gs": "/ExtGState", b"Do": "/XObject", b"Tf": "/Font",
         b"sh": "/Shading"}  # fmt: skip
INTENTS = {"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"}
BLENDING = {f"/{name}" for name in (
    "Normal Compatible Multiply Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight SoftLight Difference "
    "Exclusion Hue Saturation Color Luminosity").split()}  # fmt: skip
STRINGS = (b"Tj", b"TJ", b"'", b'"')
INVISIBLE = 3  # the rendering mode of text that is not drawn


def channels(paper: Paper) -> int:
    """How many the paper's own profile has, 0 without one."""
    found = [at(one.get_object(), "/DestOutputProfile") for one in at(paper.root, "/OutputIntents", [])]
    return int(at(found[0].get_object(), "/N", 0)) if found and found[0] is not None else 0


def drawn(paper: Paper) -> Iterator[Finding]:
    """6.2.2, 6.2.4.3, 6.2.6 and 6.1.13: operators there are, names that are known, colours that the profile covers."""
    profile = channels(paper)
    for drawing in paper.drawings():
        if drawing.resources is None:
            yield "6.2.2 resources of its own", drawing.where
        depth = deepest = 0
        for operands, operator in drawing.operations:
            depth += {b"q": 1, b"Q": -1}.get(operator, 0)
            deepest = max(deepest, depth)
            if operator == b"INLINE IMAGE":
                yield "house: inline image", drawing.where
            elif operator not in OPERATORS:
                yield "6.2.2 operator", f"{drawing.where} {operator!r}"
            if DEVICE.get(operator, 0) not in (0, 1, profile) or (operator in (b"g", b"G") and not profile):
                yield "6.2.4.3 colour of a device", f"{drawing.where} {operator!r}"
            if operator == b"ri" and operands[0] not in INTENTS:
                yield "6.2.6 intent of a drawing", str(operands[0])
            if operator in NAMED and not _known(drawing, NAMED[operator], operands[0]):
                yield "6.2.2 name of a resource", f"{drawing.where} {operands[0]}"
        if deepest > 28 or depth:
            yield "6.1.13 nesting of states", f"{drawing.where} {deepest} deep, {depth} left"


def _known(drawing: Drawing, kind: str, name: str) -> bool:
    direct = kind == "/ColorSpace" and name in {*DEVICE_SPACES, "/Pattern"}
    known = {} if drawing.resources is None else drawing.resources.get_object().get(kind, DictionaryObject())
    return direct or name in known.get_object()


def colours(paper: Paper) -> Iterator[Finding]:
    """6.2.4: every colour space anywhere is one that a profile covers."""
    profile = channels(paper)
    for drawing in paper.drawings():
        for operands, operator in drawing.operations:
            if operator in (b"cs", b"CS"):
                yield from _space(operands[0], profile)
    for one in paper.dictionaries():
        spaces = at(one, "/ColorSpace")
        if isinstance(spaces, DictionaryObject):
            for space in spaces.values():
                yield from _space(space.get_object(), profile)
        elif spaces is not None:
            yield from _space(spaces, profile)
        if at(one, "/S") == "/Transparency" and "/CS" in one:
            yield from _space(one["/CS"], profile)


def _space(space: Any, profile: int) -> Iterator[Finding]:
    family = str(space[0] if isinstance(space, ArrayObject) else space)
    if family in DEVICE_SPACES:
        if not profile or DEVICE_SPACES[family] not in (1, profile):
            yield "6.2.4.3 space of a device", family
    elif family == "/ICCBased":
        yield from icc(space[1].get_object())
    elif family.startswith(("/Device", "/Separation", "/Indexed")):
        yield "house: space we can't judge", family


def states(paper: Paper) -> Iterator[Finding]:
    """6.2.5 and 6.2.10: graphics states without functions of a press; blending that is known, onto a known space."""
    for one in paper.dictionaries():
        for state in at(one, "/ExtGState", DictionaryObject()).get_object().values():
            held = state.get_object()
            if held.keys() & {"/TR", "/HTP"} or at(held, "/TR2", "/Default") != "/Default":
                yield "6.2.5 transfer function", str(held)
            if at(held, "/BM", "/Normal") not in BLENDING:
                yield "6.2.10 blending", str(held["/BM"])
            if at(held, "/RI", "/Perceptual") not in INTENTS:
                yield "6.2.6 intent of a state", str(held["/RI"])
            shares = [at(held, "/ca", 1), at(held, "/CA", 1)]
            if not channels(paper) and (min(shares) < 1 or at(held, "/SMask", "/None") != "/None"):
                yield "6.2.10 space of blending", str(held)


def pictures(paper: Paper) -> Iterator[Finding]:
    """6.2.8 and 6.2.9: pictures and forms that are all there, as they are."""
    for one in paper.dictionaries():
        kind = at(one, "/Subtype")
        if kind == "/Image" and (at(one, "/Interpolate", False) or "/Alternates" in one or "/OPI" in one):
            yield "6.2.8 picture", str({*one} & {"/Interpolate", "/Alternates", "/OPI"})
        if kind == "/Image" and "/JPXDecode" in str(at(one, "/Filter")):
            yield "house: picture we can't judge", "JPEG 2000"
        if (kind == "/Form" and one.keys() & {"/OPI", "/PS", "/Ref"}) or kind == "/PS":
            yield "6.2.9 form", str(kind)


def fonts(paper: Paper) -> Iterator[Finding]:
    """6.2.11: fonts are embedded whole enough for what is written in them, and say which characters that is."""
    for name, font, used in _written(paper):
        if at(font, "/Subtype") != "/Type0" or at(font["/DescendantFonts"][0], "/Subtype") != "/CIDFontType2":
            yield "house: font we can't judge", name
            continue
        inner = font["/DescendantFonts"][0].get_object()
        program = at(inner["/FontDescriptor"], "/FontFile2")
        if at(font, "/Encoding") != "/Identity-H" or at(inner, "/CIDToGIDMap") != "/Identity":
            yield "6.2.11.3 codes to glyphs", name
        if program is None:
            yield "6.2.11.4 embedded", name
        else:
            yield from _program(name, inner, program.get_object().get_data(), used)
        if level(paper) != "3B":
            yield from _characters(name, font, used)


def _program(name: str, inner: Any, data: bytes, used: set[int]) -> Iterator[Finding]:
    try:
        metrics, units = _metrics(data)
    except (TTLibError, KeyError, AssertionError) as error:
        yield "6.2.11.4 font program", f"{name}: {error}"
        return
    if missing := used - metrics.keys():
        yield "6.2.11.4 glyphs", f"{name}: {sorted(missing)}"
    if 0 in used:
        yield "6.2.11.8 no glyph", name
    widths = _widths(inner)
    for glyph in sorted(used & metrics.keys()):
        # In thousandths of the size, and one of them may be lost.
        if abs(widths.get(glyph, at(inner, "/DW", 1000)) * units - metrics[glyph] * 1000) > units:
            yield "6.2.11.5 width of a glyph", f"{name}: {glyph}"


def _characters(name: str, font: Any, used: set[int]) -> Iterator[Finding]:
    if "/ToUnicode" not in font:
        yield "6.2.11.7 characters", name
        return
    known = to_unicode(font["/ToUnicode"].get_data())
    if missing := {glyph for glyph in used if not known.get(glyph)}:
        yield "6.2.11.7 character of a glyph", f"{name}: {sorted(missing)}"
    if any(set(text) & {"\0", "\ufeff", "\ufffe"} for text in known.values()):
        yield "6.2.11.7 no character", name


def _written(paper: Paper) -> Iterator[tuple[str, Any, set[int]]]:
    """Every font that something is written in, and the glyphs that are: two bytes each."""
    used: dict[str, tuple[Any, set[int]]] = {}
    for drawing in paper.drawings():
        held = DictionaryObject() if drawing.resources is None else drawing.resources.get_object()
        known, glyphs, mode = at(held, "/Font", DictionaryObject()).get_object(), set[int](), 0
        for operands, operator in drawing.operations:
            if operator == b"Tr":
                mode = int(operands[0])
            elif operator == b"Tf" and operands[0] in known:
                font = known[operands[0]].get_object()
                glyphs = used.setdefault(str(at(font, "/BaseFont")), (font, set()))[1]
            elif operator in STRINGS and mode != INVISIBLE:
                pieces = operands[0] if operator == b"TJ" else operands[-1:]
                glyphs |= {code for piece in pieces if isinstance(piece, bytes) for code in _codes(piece)}
    yield from ((name, font, glyphs) for name, (font, glyphs) in used.items())


def _codes(text: bytes) -> list[int]:
    return [int.from_bytes(text[place : place + 2], "big") for place in range(0, len(text), 2)]


@cache
def _metrics(data: bytes) -> tuple[dict[int, int], int]:
    """Advance widths by glyph number, and the units of the em."""
    font = TTFont(BytesIO(data), lazy=True)
    order, table = font.getGlyphOrder(), font["hmtx"]
    assert len(font["glyf"].keys()) == len(order)
    return {number: table[name][0] for number, name in enumerate(order)}, font["head"].unitsPerEm


def _widths(inner: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    rest = list(at(inner, "/W", ArrayObject()))
    while rest:
        first, second = rest.pop(0), rest.pop(0)
        if isinstance(second, ArrayObject):
            found |= {int(first) + place: float(width) for place, width in enumerate(second)}
        else:
            found |= dict.fromkeys(range(int(first), int(second) + 1), float(rest.pop(0)))
    return found


def to_unicode(data: bytes) -> dict[int, str]:
    """The characters of each code, as a CMap with `bfchar` lines says."""
    found = {}
    for block in data.split(b"beginbfchar")[1:]:
        for line in block.split(b"endbfchar")[0].split(b"\n"):
            parts = line.replace(b"<", b" ").replace(b">", b" ").split()
            if parts:
                found[int(parts[0], 16)] = bytes.fromhex(b"".join(parts[1:]).decode()).decode("utf-16-be")
    return found
