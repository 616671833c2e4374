"""Whether a PDF keeps those rules of PDF/A-3 (ISO 19005-3) that can be read from its objects.

We found no validator among the packages of PyPI, Debian and npm: veraPDF, the one the industry trusts, comes from its
own site. This is ours, and smaller: docs/documents.md says what it leaves out. What it can't judge (a
kind of font, a colour space, a picture) it names as a fault, so a paper that begins to use such a thing is looked at.
https://github.com/veraPDF/veraPDF-validation-profiles/wiki/PDFA-Parts-2-and-3-rules
"""

from tests.documents import pdfa_file, pdfa_metadata, pdfa_pages
from tests.documents.pdfa_reading import Finding, read

CHECKS = (
    pdfa_file.written, pdfa_file.objects, pdfa_file.streams, pdfa_file.limits, pdfa_file.annotations, pdfa_file.forms,
    pdfa_file.actions, pdfa_file.files, pdfa_file.left_out,
    pdfa_metadata.metadata, pdfa_metadata.output_intent, pdfa_metadata.structure,
    pdfa_pages.drawn, pdfa_pages.colours, pdfa_pages.states, pdfa_pages.pictures, pdfa_pages.fonts,
)  # fmt: skip


def broken(body: bytes) -> list[Finding]:
    """The rules that a PDF breaks, each with where or by what."""
    paper = read(body)
    return [finding for check in CHECKS for finding in check(paper)]
