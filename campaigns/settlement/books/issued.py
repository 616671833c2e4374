"""I6: papers as they were issued: bytes and contents by their hashes and seals, numbers as frozen, no gap in a series.

A file without a seal was made before there were any; none of those comes after one that has it.
"""

import hashlib
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.documents.seals import is_sealed
from campaigns.models import Document, DocumentFile, NumberSeries


def breaches_of_issued(session: Session, seal_key: bytes | None = None) -> Iterator[str]:
    """Every paper and file that is not as it was made, and every series that doesn't run from 1 to its counter.

    Without the key seals are not compared.
    """
    for document in session.scalars(select(Document).order_by(Document.id)):
        yield from _paper(document)
    seals_began = False
    for file in session.scalars(select(DocumentFile).order_by(DocumentFile.id).execution_options(yield_per=20)):
        if hashlib.sha256(file.body).hexdigest() != file.sha256:
            yield f"I6 document {file.document.number}: the {file.media_type} file doesn't match its hash"
        seals_began = seals_began or file.seal is not None
        if seal_key is not None and seals_began and not is_sealed(seal_key, file):
            yield f"I6 document {file.document.number}: the {file.media_type} file doesn't carry our seal"
    yield from _series(session)


def _paper(document: Document) -> Iterator[str]:
    if hashlib.sha256(document.contents.encode()).hexdigest() != document.contents_sha256:
        yield f"I6 document {document.number}: contents don't match their hash"
        return
    frozen = contents_of(document)
    kind, number = frozen.get("kind"), frozen.get("number")
    columns = (document.kind, document.number, f"{document.series}-{document.serial:06d}")
    if columns != (kind, number, number):
        told = f"{document.kind} {columns[2]}"
        yield f"I6 document {document.number}: is numbered {number} as a {kind} in its contents, kept as {told}"


def _series(session: Session) -> Iterator[str]:
    issued = session.execute(
        select(Document.series, func.count(), func.min(Document.serial), func.max(Document.serial)).group_by(
            Document.series
        )
    ).all()
    last = {row.series: row.last for row in session.scalars(select(NumberSeries))}
    for series, count, first, newest in issued:
        if first != 1 or newest != count or last.get(series) != newest:
            yield f"I6 series {series}: {count} documents numbered {first} to {newest}, counter {last.get(series)}"
    for series in sorted(last.keys() - {row[0] for row in issued}):
        yield f"I6 series {series}: 0 documents, counter {last[series]}"
