"""Alarms of shops' feeds: one open row per shop and kind, raised once, cleared when the reason is gone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.db import lock_name
from campaigns.errors import DomainError, Said
from campaigns.models import ShopAlarm

API_UNREACHABLE = "api_unreachable"
PATIENCE = timedelta(minutes=15)


def raise_alarm(session: Session, shop_id: int, kind: str, now: datetime, **facts: object) -> bool:
    """Open an alarm; one that is open already keeps the time it was raised at and takes the new facts. True: opened."""
    lock_name(session, f"alarm:{shop_id}:{kind}")
    alarm = open_alarm(session, shop_id, kind)
    if alarm is None:
        session.add(ShopAlarm(shop_id=shop_id, kind=kind, raised_at=now, facts=facts))
    else:
        alarm.facts = facts
    return alarm is None


def clear_alarm(session: Session, shop_id: int, kind: str, now: datetime) -> None:
    """Close the open alarm of a kind, if there is one."""
    opened = (ShopAlarm.shop_id == shop_id, ShopAlarm.kind == kind, ShopAlarm.cleared_at.is_(None))
    session.execute(update(ShopAlarm).where(*opened).values(cleared_at=now))


def open_alarms(session: Session, shop_id: int | None = None) -> list[ShopAlarm]:
    """Every open alarm, or a shop's, the oldest first."""
    opened = select(ShopAlarm).filter_by(cleared_at=None).order_by(ShopAlarm.raised_at, ShopAlarm.id)
    return list(session.scalars(opened if shop_id is None else opened.filter_by(shop_id=shop_id)))


def untold(session: Session, now: datetime) -> list[int]:
    """Ids of open alarms nobody has been written to about; an API may be out of reach for a quarter of an hour."""
    patience = (ShopAlarm.kind != API_UNREACHABLE) | (ShopAlarm.raised_at <= now - PATIENCE)
    waiting = select(ShopAlarm.id).where(ShopAlarm.cleared_at.is_(None), ShopAlarm.told_at.is_(None), patience)
    return list(session.scalars(waiting.order_by(ShopAlarm.id)))


def claim_telling(session: Session, alarm_id: int, now: datetime) -> ShopAlarm | None:
    """The alarm, for the one worker that is to tell of it; None for all others."""
    told = update(ShopAlarm).where(ShopAlarm.id == alarm_id, ShopAlarm.told_at.is_(None)).values(told_at=now)
    claimed = session.scalar(told.returning(ShopAlarm.id))
    return None if claimed is None else session.get_one(ShopAlarm, claimed, populate_existing=True)


def reason_of(error: DomainError) -> dict[str, object]:
    """A refusal as an alarm's facts: in English, and its places apart, so that a page can say it in any language."""
    sentence = error.sentence
    apart = {"template": sentence.template, "values": sentence.facts} if isinstance(sentence, Said) else {}
    return {"reason": str(error), **apart}


def reason_in(facts: Mapping[str, Any]) -> str:
    """The sentence of reason_of again."""
    template = facts.get("template")
    return Said(template, **facts["values"]) if template else str(facts.get("reason", ""))


def open_alarm(session: Session, shop_id: int, kind: str) -> ShopAlarm | None:
    """The open alarm of a kind."""
    return session.scalar(select(ShopAlarm).filter_by(shop_id=shop_id, kind=kind, cleared_at=None))
