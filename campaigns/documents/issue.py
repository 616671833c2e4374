"""Issuing: a number without gaps, contents frozen as canonical JSON, their hash; the bytes follow, once.

A number is counted up in the transaction that issues, so a failed issue leaves no gap and two at once no double. The
files are made by the worker after that transaction: slow work, and the contents can no longer change.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.terms import canonical
from campaigns.db import lock_name
from campaigns.documents.seals import seal
from campaigns.models import Document, DocumentFile, Influencer, NumberSeries
from campaigns.models.documents import DOCUMENT_KINDS

SECOND_LANGUAGE = "second_language"  # a key of contents: the paper is issued in this language too


def issue(
    session: Session,
    kind: str,
    contents: Mapping[str, Any],
    language: str,
    now: datetime,
    year: int,
    campaign_id: int | None = None,
    participation_id: int | None = None,
    influencer_id: int | None = None,
    brand_id: int | None = None,
    corrects_id: int | None = None,
) -> Document:
    """Give `contents` a number and freeze them; `kind`, `number` and `language` are written into them."""
    series = f"{DOCUMENT_KINDS[kind]}-{year}"
    serial = _next(session, series)
    number = f"{series}-{serial:06d}"
    second = _second_language(session, influencer_id, language)
    frozen = canonical({**contents, **second, "kind": kind, "number": number, "language": language})
    document = Document(
        kind=kind,
        series=series,
        serial=serial,
        number=number,
        language=language,
        campaign_id=campaign_id,
        participation_id=participation_id,
        influencer_id=influencer_id,
        brand_id=brand_id,
        corrects_id=corrects_id,
        contents=frozen,
        contents_sha256=hashlib.sha256(frozen.encode()).hexdigest(),
        issued_at=now,
    )
    session.add(document)
    session.flush()
    return document


def contents_of(document: Document) -> dict[str, Any]:
    """The frozen contents."""
    contents: dict[str, Any] = json.loads(document.contents)
    return contents


def without_files(session: Session, most: int = 20) -> list[int]:
    """Ids of documents whose bytes have not been made yet, oldest first."""
    made = select(DocumentFile.id).where(DocumentFile.document_id == Document.id).exists()
    return list(session.scalars(select(Document.id).where(~made).order_by(Document.id).limit(most)))


@dataclass(frozen=True)
class Frozen:
    """What rendering needs of a document, and nothing of the database."""

    document_id: int
    kind: str
    contents: dict[str, Any]


def frozen(session: Session, document_id: int) -> Frozen:
    """A document's contents, to be rendered outside any transaction."""
    document = session.get_one(Document, document_id)
    return Frozen(document_id, document.kind, contents_of(document))


def keep_files(
    session: Session, document_id: int, rendered: Sequence[tuple[str, bytes]], key: bytes, now: datetime
) -> None:
    """Add a document's files (media type, bytes), all or none, unless another worker has; the caller commits.

    `key` seals them (documents/seals.py).
    """
    lock_name(session, f"document:{document_id}")
    if session.scalar(select(DocumentFile.id).filter_by(document_id=document_id).limit(1)) is not None:
        return
    document = session.get_one(Document, document_id)
    for media_type, body in rendered:
        sha256 = hashlib.sha256(body).hexdigest()
        session.add(
            DocumentFile(
                document_id=document_id,
                media_type=media_type,
                body=body,
                sha256=sha256,
                made_at=now,
                seal=seal(key, document, media_type, sha256),
            )
        )
    session.flush()


def _second_language(session: Session, influencer_id: int | None, language: str) -> dict[str, str]:
    """English beside a payee's language, for those who want both."""
    payee = session.get(Influencer, influencer_id) if influencer_id is not None else None
    return {SECOND_LANGUAGE: "en"} if payee is not None and payee.bilingual and language != "en" else {}


def _next(session: Session, series: str) -> int:
    lock_name(session, f"series:{series}")
    row = session.get(NumberSeries, series, with_for_update=True)
    if row is None:
        row = NumberSeries(series=series, last=0)
        session.add(row)
    row.last += 1
    session.flush()
    return row.last
