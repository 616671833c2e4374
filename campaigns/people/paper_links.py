"""Links to one paper that open it without a sign-in: signed, for one reader, until a moment.

A token names the paper, its reader by a keyed hash (an address has no place in an address bar) and the end. It opens
what was mailed and nothing else: the letter must stand in `document_mail`, and its reader still be one of those whom
the paper is for. So whoever is switched off, or has got another address, has no link any more.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import NotFound
from campaigns.models import Document, DocumentMail, Influencer, User
from campaigns.models.documents import READERS

SALT = b"a paper"


@dataclass(frozen=True)
class Reader:
    """Somebody a paper is mailed to."""

    email: str
    language: str
    name: str


class LinkOver(NotFound):
    """Raised for a link of ours that has ended: by its time, or because its reader is none any more."""


def make_token(key: bytes, document: Document, recipient: str, expires_at: datetime) -> str:
    """What a link to a paper ends with."""
    return _serializer(key).dumps([document.public_id, _hash(key, recipient), int(expires_at.timestamp())])


def open_link(session: Session, key: bytes, token: str, now: datetime) -> Document:
    """The paper that a token opens; raises LinkOver for one that has ended, NotFound for one that isn't ours."""
    try:
        public_id, reader, expires = _serializer(key).loads(token)
    except (BadData, ValueError) as error:
        raise NotFound("no such link") from error
    document = session.scalar(select(Document).filter_by(public_id=public_id))
    if document is None:
        raise NotFound("no such link")
    known = {one.email for one in readers(session, document)}
    mails = session.scalars(select(DocumentMail).filter_by(document_id=document.id)).all()
    sent = [one for one in mails if hmac.compare_digest(_hash(key, one.recipient), reader)]
    if now.timestamp() < expires and any(one.recipient in known and now < one.expires_at for one in sent):
        return document
    raise LinkOver("the link has ended")


def readers(session: Session, document: Document) -> list[Reader]:
    """Whom a paper is mailed to: a payee at their own address, a brand at those of everyone who signs in for it."""
    roles = READERS.get(document.kind, frozenset())
    if "influencer" in roles and document.influencer_id is not None:
        return _payee(session, document.influencer_id)
    if "brand" not in roles or document.brand_id is None:
        return []
    users = session.scalars(select(User).filter_by(brand_id=document.brand_id, active=True).order_by(User.id))
    return [Reader(user.email, user.language, user.brand.name if user.brand else "") for user in users]


def _payee(session: Session, influencer_id: int) -> list[Reader]:
    """Their own address, unless everyone who signed in for them has been switched off."""
    payee = session.get_one(Influencer, influencer_id)
    users = session.scalars(select(User.active).filter_by(influencer_id=influencer_id)).all()
    return [Reader(payee.email, payee.language, payee.name)] if any(users) or not users else []


def _serializer(key: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=SALT, signer_kwargs={"digest_method": hashlib.sha256})


def _hash(key: bytes, recipient: str) -> str:
    return hmac.new(key, recipient.encode(), hashlib.sha256).hexdigest()[:32]
