"""Seals: who changes a paper in the database, its hashes along with it, is still found, for the key is not there.

A file's seal is a keyed hash (HMAC-SHA-256, RFC 2104) of what the paper is, what it says and the file's bytes. The key
comes of SECRET_KEY: with another one no seal matches any more.
"""

import hashlib
import hmac

from campaigns.models import Document, DocumentFile


def seal(key: bytes, document: Document, media_type: str, sha256: str) -> str:
    """The seal of one file of a document, in hex; `sha256` is of the file's bytes."""
    whose = (document.campaign_id, document.participation_id, document.influencer_id, document.brand_id)
    says = (document.kind, document.number, *map(str, whose), document.contents_sha256, media_type, sha256)
    return hmac.new(key, "\n".join(says).encode(), hashlib.sha256).hexdigest()


def is_sealed(key: bytes, file: DocumentFile) -> bool:
    """Whether a file carries the seal of the paper it belongs to."""
    return hmac.compare_digest(file.seal or "", seal(key, file.document, file.media_type, file.sha256))
