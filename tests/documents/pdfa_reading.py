"""A PDF taken apart for the checks of PDF/A: every object of it, and every stream that draws."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, StreamObject

Finding = tuple[str, str]  # the rule that is broken, and where or by what


@dataclass(frozen=True)
class Drawing:
    """A content stream: what draws, and the resources it may name."""

    where: str
    resources: Any
    operations: list[tuple[Any, bytes]]


@dataclass(frozen=True)
class Paper:
    """A PDF: its bytes, and its objects in the order of their numbers."""

    body: bytes
    reader: PdfReader

    @property
    def root(self) -> Any:
        """The catalog."""
        return self.reader.trailer["/Root"].get_object()

    def values(self) -> Iterator[Any]:
        """Every value in it: objects, what stands in them, and the trailer."""
        yield from _within(self.reader.trailer)
        for number in self.numbers():
            yield from _within(self.reader.get_object(number))

    def dictionaries(self) -> Iterator[Any]:
        """Every dictionary, those of streams too."""
        return (value for value in self.values() if isinstance(value, DictionaryObject))

    def streams(self) -> Iterator[Any]:
        """Every stream."""
        return (value for value in self.values() if isinstance(value, StreamObject))

    def numbers(self) -> list[int]:
        """The numbers of all objects in use."""
        found = {number for generation in self.reader.xref.values() for number in generation}
        return sorted((found | set(self.reader.xref_objStm)) - {0})

    def annotations(self) -> Iterator[Any]:
        """Every annotation of every page."""
        for page in self.reader.pages:
            yield from (one.get_object() for one in at(page, "/Annots", ArrayObject()).get_object())

    def drawings(self) -> Iterator[Drawing]:
        """Every content stream: of pages, of the forms and patterns they use, of annotations."""
        for number, page in enumerate(self.reader.pages, 1):
            yield from self._drawing(f"page {number}", page["/Contents"], at(page, "/Resources"))
        for annotation in self.annotations():
            shown = at(at(annotation, "/AP", {}), "/N")
            if shown is not None and isinstance(shown.get_object(), StreamObject):
                yield from self._drawing("an annotation", shown, at(shown.get_object(), "/Resources"))

    def _drawing(self, where: str, stream: Any, resources: Any) -> Iterator[Drawing]:
        found = DictionaryObject() if resources is None else resources.get_object()
        yield Drawing(where, resources, ContentStream(stream, self.reader, "bytes").operations)
        for kind in ("/XObject", "/Pattern"):
            for name, one in found.get(kind, DictionaryObject()).get_object().items():
                inner = one.get_object()
                if at(inner, "/Subtype") == "/Form" or at(inner, "/PatternType") == 1:
                    yield from self._drawing(f"{where} {name}", inner, at(inner, "/Resources"))


def read(body: bytes) -> Paper:
    """A PDF, taken apart."""
    return Paper(body, PdfReader(BytesIO(body)))


def at(container: Any, key: str, default: Any = None) -> Any:
    """What stands in a dictionary under a key, its references followed (`get` follows none)."""
    return container[key] if key in container else default


def _within(value: Any) -> Iterator[Any]:
    """A value and all that stands in it; a reference is not followed."""
    yield value
    if isinstance(value, DictionaryObject):
        for key, inner in value.items():
            yield key
            yield from _within(inner)
    elif isinstance(value, ArrayObject):
        for inner in list.__iter__(value):
            yield from _within(inner)
