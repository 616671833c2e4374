"""Watching shops' feeds while something is at stake: what gives reason to look, found from what is in the tables.

A shop is watched while a campaign of it is live, or over and its orders may still be returned: then "silent" and
"hook_disabled"; and from the launch on for "refused" and "failing". What is found opens an alarm, and when it is no
longer found the alarm clears by itself. docs/operations.md says what each means to people.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Connection, cast, extract, select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Delivery, Order, Shop, ShopAlarm, ShopWatch
from campaigns.tracking.alarms import clear_alarm, raise_alarm
from campaigns.tracking.rhythm import HISTORY, SLOT, Rhythm, rhythm

SILENT, HOOK_DISABLED, REFUSED, FAILING = KINDS = ("silent", "hook_disabled", "refused", "failing")
REFUSED_IN_A_ROW = 5
FAILED_IN_A_ROW = 5
NOTED_EVERY = timedelta(hours=1)
# A webhook may come later than the pull that found its order; and one pulled order is no proof while others come.
WEBHOOK_MAY_LAG = timedelta(hours=1)
MISSED = 3
# In less than this no silence can count: see rhythm.py.
SHORTEST_SILENCE = timedelta(minutes=45)

Facts = dict[str, object]


@dataclass(frozen=True)
class Changes:
    """What is to be written: alarms to open with their facts, alarms to clear, and refusals to take note of."""

    opening: dict[tuple[int, str], Facts]
    clearing: list[tuple[int, str]]
    refusals: dict[int, tuple[int, datetime | None]]

    def __bool__(self) -> bool:
        return bool(self.opening or self.clearing or self.refusals)


def changes(session: Session, now: datetime) -> Changes:
    """What has to change, found by reading only: most of the time nothing."""
    found: dict[tuple[int, str], Facts] = {}
    refusals: dict[int, tuple[int, datetime | None]] = {}
    for shop_id, selling in watched(session, now).items():
        shop = session.get_one(Shop, shop_id)
        heard = _last_webhook(session, shop_id, now)
        seen = session.get(ShopWatch, shop_id)
        if _news(seen, shop.refused_deliveries, heard):
            refusals[shop_id] = (shop.refused_deliveries, heard)
        elif seen and shop.refused_deliveries - seen.refused >= REFUSED_IN_A_ROW:
            found[shop_id, REFUSED] = {"count": shop.refused_deliveries - seen.refused}
        if failing := _failing(session, shop_id):
            found[shop_id, FAILING] = failing
        if selling and heard is not None:
            found |= {(shop_id, kind): facts for kind, facts in _silence(session, shop_id, heard, now).items()}
    opened = {(alarm.shop_id, alarm.kind) for alarm in _opened(session)}
    opening = {alarm: facts for alarm, facts in found.items() if alarm not in opened}
    return Changes(opening, sorted(opened - found.keys()), refusals)


def carry_out(session: Session, needed: Changes, now: datetime) -> None:
    """Write the changes; an alarm that another worker has opened meanwhile stays as it is."""
    for (shop_id, kind), facts in needed.opening.items():
        raise_alarm(session, shop_id, kind, now, **facts)
    for shop_id, kind in needed.clearing:
        clear_alarm(session, shop_id, kind, now)
    for shop_id, (refused, heard_at) in needed.refusals.items():
        session.merge(ShopWatch(shop_id=shop_id, refused=refused, heard_at=heard_at))
    session.flush()


def watched(session: Session, now: datetime) -> dict[int, bool]:
    """Shops something is at stake in; True where orders are to be expected, False where one is about to begin."""
    shops: dict[int, bool] = {}
    launched = select(Campaign).where(Campaign.status.in_(("ready", "live", "ended", "reconciling")))
    for campaign in session.scalars(launched.order_by(Campaign.id)):
        days = campaign.grace_days + int(campaign.terms.body.get("return_window_days", 0))
        if campaign.status == "ready" or now < campaign.ends_at + timedelta(days=days):
            selling = campaign.status != "ready"
            shops[campaign.shop_id] = selling or shops.get(campaign.shop_id, False)
    return shops


def missed_by_webhook(
    connection: Connection, shop_id: int, since: datetime, until: datetime | None = None, most: int = 100
) -> list[str]:
    """Ids of orders placed in this time that we know by pull only, oldest first; none where webhooks never came."""
    told = select(Delivery.id).where(
        Delivery.shop_id == shop_id, Delivery.order_external_id == Order.external_id, Delivery.origin != "pull"
    )
    pulled = select(Delivery.id).where(
        Delivery.shop_id == shop_id, Delivery.order_external_id == Order.external_id, Delivery.origin == "pull"
    )
    connected = select(Delivery.id).where(Delivery.shop_id == shop_id, Delivery.origin == "webhook").limit(1)
    missed = select(Order.external_id).where(
        Order.shop_id == shop_id, Order.placed_at > since, pulled.exists(), ~told.exists(), connected.exists()
    )
    if until is not None:
        missed = missed.where(Order.placed_at <= until)
    return list(connection.execute(missed.order_by(Order.placed_at, Order.id).limit(most)).scalars())


def silence(session: Session, shop_id: int, heard: datetime, now: datetime) -> Rhythm:
    """What the silence since the last webhook says, by the rhythm of the 28 days before."""
    slots = _slots(session, shop_id, now)
    if slots and heard > slots[-1]:
        slots[-1] = heard
    return rhythm(slots, now)


def _news(seen: ShopWatch | None, refused: int, heard: datetime | None) -> bool:
    """Whether a genuine delivery has come since refusals were last taken note of; noted at most once an hour."""
    if seen is None or heard == seen.heard_at:
        return seen is None
    return refused != seen.refused or seen.heard_at is None or (heard or seen.heard_at) - seen.heard_at >= NOTED_EVERY


def _silence(session: Session, shop_id: int, heard: datetime, now: datetime) -> dict[str, Facts]:
    if now - heard < SHORTEST_SILENCE:
        return {}
    missed = missed_by_webhook(session.connection(), shop_id, heard, now - WEBHOOK_MAY_LAG)
    if len(missed) >= MISSED:
        return {HOOK_DISABLED: {"since": heard.isoformat(), "count": len(missed), "orders": missed[:10]}}
    judged = silence(session, shop_id, heard, now)
    if judged.verdict != "silent":
        return {}
    if missed:
        return {HOOK_DISABLED: {"since": heard.isoformat(), "count": len(missed), "orders": missed}}
    return {SILENT: {"since": heard.isoformat(), "expected": judged.expected, "enough": judged.enough}}


def _slots(session: Session, shop_id: int, now: datetime) -> list[datetime]:
    """The five-minute slots of the last 28 days in which a webhook came, in order."""
    seconds = int(SLOT.total_seconds())
    slot = cast(extract("epoch", Delivery.received_at), BigInteger) // seconds
    came = select(slot).where(
        Delivery.shop_id == shop_id,
        Delivery.received_at > now - HISTORY,
        Delivery.received_at <= now,
        Delivery.origin == "webhook",
    )
    return [datetime.fromtimestamp(number * seconds, now.tzinfo) for number in sorted(session.scalars(came.distinct()))]


def _last_webhook(session: Session, shop_id: int, now: datetime) -> datetime | None:
    """When a webhook came last; one received by a clock that was ahead would pass for news until then."""
    came = select(Delivery.received_at).filter_by(shop_id=shop_id, origin="webhook").where(Delivery.received_at <= now)
    return session.scalar(came.order_by(Delivery.received_at.desc()).limit(1))


def _failing(session: Session, shop_id: int) -> Facts | None:
    """The newest deliveries, where every one of them failed."""
    newest = select(Delivery.status, Delivery.reason, Delivery.received_at).where(Delivery.shop_id == shop_id)
    rows = session.execute(
        newest.order_by(Delivery.received_at.desc(), Delivery.id.desc()).limit(FAILED_IN_A_ROW)
    ).all()
    if len(rows) < FAILED_IN_A_ROW or any(row.status != "failed" for row in rows):
        return None
    return {"count": len(rows), "reason": rows[0].reason, "since": rows[-1].received_at.isoformat()}


def _opened(session: Session) -> list[ShopAlarm]:
    return list(session.scalars(select(ShopAlarm).where(ShopAlarm.cleared_at.is_(None), ShopAlarm.kind.in_(KINDS))))
