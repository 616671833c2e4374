"""The letter that brings papers: one for everything that was issued to a reader at one moment, once it is made.

A closing may give a payee a statement, a request and a payslip: that is one letter, with a link to each paper that
opens it without a sign-in until a day. What was mailed stands in `document_mail`, once for each paper and reader,
in the transaction that queues the letter.
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from campaigns.db import lock_name
from campaigns.i18n import show_date, speaking
from campaigns.models import Document, DocumentFile, DocumentMail, User
from campaigns.models.documents import READERS
from campaigns.money import format_minor
from campaigns.people.mail import queue_letter
from campaigns.people.paper_links import Reader, make_token, readers

LATE = timedelta(days=7)  # what was made longer ago is no news, such as papers from before letters brought them
PATIENCE = timedelta(hours=1)  # so long the papers made wait for those of the same moment that are not

# The papers of one moment for one reader: whose they are, and when they were issued.
Bundle = tuple[int | None, int | None, datetime]


def unmailed(session: Session, now: datetime, most: int = 50) -> list[Bundle]:
    """What is ready to be mailed, the oldest first."""
    made = exists().where(DocumentFile.document_id == Document.id, DocumentFile.made_at > now - LATE)
    read = or_(
        Document.influencer_id.is_not(None),
        exists().where(User.brand_id == Document.brand_id, User.active),
    )
    found = session.execute(
        select(Document.influencer_id, Document.brand_id, Document.issued_at)
        .where(Document.kind.in_(READERS), ~_mailed(), read, made)
        .group_by(Document.influencer_id, Document.brand_id, Document.issued_at)
        .order_by(Document.issued_at)
        .limit(most)
    )
    return [(row[0], row[1], row[2]) for row in found if not _held_up(session, (row[0], row[1], row[2]), now)]


def mail_bundle(
    session: Session,
    bundle: Bundle,
    key: bytes,
    name: Callable[[str], str],
    base_url: str,
    lasts: timedelta,
    now: datetime,
) -> int:
    """Queue the letters of one bundle; how many. Whoever comes second finds nothing left. The caller commits."""
    lock_name(session, f"papers:{bundle[0]}:{bundle[1]}")
    papers = list(session.scalars(_papers(bundle).where(_made(), ~_mailed()).order_by(Document.id)))
    count = 0
    for reader in {one.email: one for paper in papers for one in readers(session, paper)}.values():
        mine = [one for one in papers if reader in readers(session, one)]
        _write(session, reader, mine, key, name, base_url, now + lasts, now)
        count += 1
    return count


def disputed(session: Session, paper: Document, by: User, words: str, link: str, now: datetime) -> None:
    """Somebody says what is wrong with a paper: to everyone of the agency, each in their language."""
    who = by.influencer.name if by.influencer else by.brand.name if by.brand else by.email
    facts = {"number": paper.number, "who": who, "words": words, "link": link}
    for user in session.scalars(select(User).filter_by(role="agency", active=True).order_by(User.id)):
        queue_letter(session, user.email, user.language, "paper_disputed", now, **facts)


def _write(
    session: Session,
    reader: Reader,
    papers: Sequence[Document],
    key: bytes,
    name: Callable[[str], str],
    base_url: str,
    expires_at: datetime,
    now: datetime,
) -> None:
    with speaking(reader.language):
        told = [
            {
                "name": name(paper.kind),
                "number": paper.number,
                "link": f"{base_url}/papers/link?paper={make_token(key, paper, reader.email, expires_at)}",
                **_facts(paper),
            }
            for paper in papers
        ]
        until = show_date(expires_at.date())
    facts = {"name": reader.name, "papers": told, "until": until, "base_url": base_url}
    mail = queue_letter(session, reader.email, reader.language, "papers_ready", now, **facts)
    assert mail is not None  # papers always go by mail
    for paper in papers:
        row = {"document_id": paper.id, "recipient": reader.email, "mail_id": mail.id}
        session.add(DocumentMail(**row, queued_at=now, expires_at=expires_at))
    session.flush()


def _facts(paper: Document) -> dict[str, str]:
    """What a letter says of a paper beside its name: what it comes to, the campaign, and of a payment the bank's facts.

    An account is named by its last digits, never more: mail is read by others too.
    """
    contents: dict[str, Any] = json.loads(paper.contents)
    campaign, currency = contents.get("campaign"), contents.get("currency", "")
    minor = _comes_to(paper.kind, contents)
    told = {
        "campaign": campaign.get("name", "") if isinstance(campaign, dict) else "",
        "amount": f"{format_minor(minor, currency)} {currency}" if minor is not None else "",
        "paid_on": "",
        "ending": "",
        "reference": "",
    }
    if paper.kind == "remittance_advice":
        told["paid_on"] = show_date(date.fromisoformat(contents["paid_on"]))
        told |= {"ending": contents["account_ending"], "reference": contents["reference"]}
    return told


def _comes_to(kind: str, contents: dict[str, Any]) -> int | None:
    """The amount a paper is about, where it is about one."""
    if kind == "brand_bill":
        return int(contents["totals"]["total_minor"])
    for field in ("due_minor", "net_minor", "amount_minor", "total_minor"):
        if isinstance(contents.get(field), int):
            return int(contents[field])
    return None


def _held_up(session: Session, bundle: Bundle, now: datetime) -> bool:
    """Whether a paper of the same moment is still to be made, and may yet be."""
    if now - bundle[2] > PATIENCE:
        return False
    return session.scalar(_papers(bundle).where(~_made()).limit(1)) is not None


def _papers(bundle: Bundle) -> Any:
    influencer_id, brand_id, issued_at = bundle
    return select(Document).where(
        Document.kind.in_(READERS),
        Document.influencer_id == influencer_id if influencer_id is not None else Document.influencer_id.is_(None),
        Document.brand_id == brand_id if brand_id is not None else Document.brand_id.is_(None),
        Document.issued_at == issued_at,
    )


def _made() -> Any:
    return exists().where(DocumentFile.document_id == Document.id)


def _mailed() -> Any:
    return exists().where(DocumentMail.document_id == Document.id)
