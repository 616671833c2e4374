"""One box that finds anything by its name or number, for the agency: a few of each kind, never more.

Names are looked for anywhere in them and in any case of their letters; of codes and numbers only the beginning or the
whole is compared, by an index. Who asks is checked where the page is: this room shows everything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, or_, select
from sqlalchemy.orm import Session

from campaigns.models import (
    Brand,
    Campaign,
    CouponCode,
    Delivery,
    Document,
    Influencer,
    Order,
    Participation,
    ReceivedDocument,
    Shop,
)
from campaigns.tracking.matches import fold

LEAST, LONGEST = 2, 100
MOST = 8  # of a kind


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is called, what tells it apart, and its public id."""

    title: str
    about: str
    key: str


@dataclass(frozen=True)
class Group:
    """What was found of one kind; `more` where there is more than is shown."""

    kind: str
    hits: list[Hit]
    more: bool


def asked_for(text: str) -> str:
    """What is looked for: without blanks around it, and no longer than anything is called."""
    return text.replace("\x00", "").strip()[:LONGEST]


def found(session: Session, words: str) -> list[Group]:
    """Everything that is called or numbered so, kind by kind; nothing for less than LEAST characters."""
    if len(words) < LEAST:
        return []
    groups = []
    for kind, wanted in _questions(words):
        rows = session.execute(wanted.limit(MOST + 1)).all()
        if rows:
            hits = [Hit(str(row[0]), str(row[1] or ""), str(row[2])) for row in rows[:MOST]]
            groups.append(Group(kind, hits, len(rows) > MOST))
    return groups


def _questions(words: str) -> Iterator[tuple[str, Select[Any, Any, Any]]]:
    yield (
        "campaigns",
        (
            select(Campaign.name, Brand.name, Campaign.public_id)
            .join(Brand, Brand.id == Campaign.brand_id)
            .where(_has(Campaign.name, words))
            .order_by(Campaign.id.desc())
        ),
    )
    yield (
        "brands",
        (
            select(Brand.name, Brand.email, Brand.public_id)
            .where(_has(Brand.name, words) | _has(Brand.legal_name, words) | _has(Brand.email, words))
            .order_by(Brand.name)
        ),
    )
    handle = _has(cast(Influencer.accounts, String), words.lstrip("@")) if len(words.lstrip("@")) >= LEAST else None
    named = [_has(Influencer.name, words), _has(Influencer.email, words)] + ([] if handle is None else [handle])
    yield (
        "influencers",
        (select(Influencer.name, Influencer.email, Influencer.public_id).where(or_(*named)).order_by(Influencer.name)),
    )
    yield from _numbered(words)


def _numbered(words: str) -> Iterator[tuple[str, Select[Any, Any, Any]]]:
    yield (
        "codes",
        (
            select(CouponCode.code, Influencer.name, Participation.public_id)
            .join(Participation, Participation.id == CouponCode.participation_id)
            .join(Influencer, Influencer.id == Participation.influencer_id)
            .where(CouponCode.folded.startswith(fold(words), autoescape=True))
            .order_by(CouponCode.id.desc())
        ),
    )
    bare = words.lstrip("#")
    yield (
        "orders",
        (
            select(Order.number, Shop.name, Order.public_id)
            .join(Shop, Shop.id == Order.shop_id)
            .where(Order.number.in_({words, bare, f"#{bare}"}))
            .order_by(Order.id.desc())
        ),
    )
    yield (
        "papers",
        (select(Document.number, Document.kind, Document.public_id).where(Document.number.in_({words, words.upper()}))),
    )
    yield (
        "received",
        (
            select(ReceivedDocument.number, Influencer.name, ReceivedDocument.public_id)
            .join(Influencer, Influencer.id == ReceivedDocument.influencer_id)
            .where(ReceivedDocument.number.in_({words, words.upper(), bare}))
            .order_by(ReceivedDocument.id.desc())
        ),
    )
    yield (
        "deliveries",
        (
            select(Delivery.public_id, Shop.name, Delivery.public_id)
            .join(Shop, Shop.id == Delivery.shop_id)
            .where(Delivery.public_id == words)
        ),
    )


def _has(column: Any, words: str) -> ColumnElement[bool]:
    """Whether a text has the words in it, in any case. SQLite folds Latin letters only, so others are tried by hand."""
    forms = {words, words.lower(), words.upper(), words.title(), words.capitalize()}
    return or_(*(column.icontains(form, autoescape=True) for form in sorted(forms)))
