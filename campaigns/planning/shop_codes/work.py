"""Codes created, looked after and ended in shops: the worker's round. Shops are asked outside any transaction.

A code that is there already with the same terms is taken for ours; one with other terms is told to staff and left
alone. The uses a shop counts are compared with the orders we know an hour later, for orders need a while to arrive.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from campaigns.db import reading
from campaigns.errors import DomainError, Said
from campaigns.models import ShopCode
from campaigns.outbound import Answer, Broken
from campaigns.planning.shop_codes import queue
from campaigns.planning.shop_codes.asking import Call, Found, Refused, Taken, Way, difference
from campaigns.planning.shop_codes.queue import WAYS, Job
from campaigns.tracking.alarms import reason_of
from campaigns.tracking.asked import shop_apart
from campaigns.tracking.shop_api import Asking, ShopApi, api_of

log = logging.getLogger(__name__)

MOST = 60
CHECK = timedelta(hours=1)  # between two looks at a code's uses
EARLY = timedelta(hours=1)  # a platform that knows no beginning is given its codes this long before it
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 180, 360))

Values = dict[str, Any]


@dataclass(frozen=True)
class Shop:
    """One shop, ready to be asked."""

    way: Way
    api: ShopApi
    asking: Asking

    def ask(self, call: Call) -> Answer:
        """The shop's answer; raises Unreachable."""
        return self.asking.client.send(call.method, self.api.api_url + call.path, call.headers, call.body)

    def look_up(self, code: str) -> Found | None:
        """The code as it is there now."""
        return self.way.found(self.ask(self.way.look_up(self.api.credentials, code)), code)


def waits(session: Session, now: datetime) -> bool:
    """Whether there is anything to do."""
    return bool(queue.due(session, now, 1)) or queue.any_to_end(session, now)


def work_codes(session: Session, asking: Asking, now: datetime) -> None:
    """Do what is due, each code committed by itself. A shop that doesn't answer is left alone for this round."""
    queue.put_to_end(session, now)
    session.commit()
    with reading():
        found = queue.due(session, now, MOST)
        session.rollback()
    silent: set[int] = set()
    for shop_code_id, shop_id in found:
        if shop_id not in silent and not work_code(session, shop_code_id, asking, now):
            silent.add(shop_id)


def work_code(session: Session, shop_code_id: int, asking: Asking, now: datetime) -> bool:
    """Claim one code, ask its shop, and write what came of it; False where the shop did not answer."""
    job = queue.claim(session, shop_code_id, now)
    if job is None:
        return True
    try:
        values, answered = _asked(session, job, asking, now), True
    except Refused as error:
        values, answered = {"problem": reason_of(error), "retry_at": None}, True
        if job.state == "waiting":
            values["state"] = "failed"
    except DomainError as error:
        pause = timedelta(seconds=min((error.pause or 0) if isinstance(error, Broken) else 0, 3600))
        wait = max(PAUSES[min(job.attempts, len(PAUSES)) - 1], pause)
        values, answered = {"problem": reason_of(error), "retry_at": now + wait}, False
    if "usage_count" in values:
        values["missing_orders"] = _missing(session, job, values["usage_count"])
    if queue.settle(session, job, values):
        log.info("code in shop=%s id=%s %s -> %s", job.shop_id, job.id, job.state, values.get("state", job.state))
    return answered


def _asked(session: Session, job: Job, asking: Asking, now: datetime) -> Values:
    row = shop_apart(session, job.shop_id)
    shop = Shop(WAYS[row.platform], api_of(row, asking.sealing_key), asking)
    return DEEDS[job.state](shop, job, now)


def _create(shop: Shop, job: Job, now: datetime) -> Values:
    wanted = job.wanted
    if not shop.way.knows_beginning and now < wanted.begins - EARLY:
        return {"retry_at": wanted.begins - EARLY, "attempts": 0}
    usage = 0
    try:
        external_id = shop.way.created(shop.ask(shop.way.create(shop.api.credentials, wanted)), wanted)
    except Taken as taken:
        found = shop.look_up(wanted.code)
        if found is None:
            raise DomainError(Said("the shop says it has this code already, and does not show it")) from taken
        if other := difference(wanted, found):
            raise Refused(other) from taken
        external_id, usage = found.external_id, found.usage
    return {"state": "created", "external_id": external_id, **_looked(usage, now)}


def _check(shop: Shop, job: Job, now: datetime) -> Values:
    found = shop.look_up(job.wanted.code)
    if found is None:
        said = DomainError(Said("the code is not in the shop any more"))
        return {"problem": reason_of(said), "retry_at": now + CHECK, "checked_at": now, "attempts": 0}
    values = {"external_id": found.external_id, **_looked(found.usage, now)}
    if found.over:
        values["problem"] = reason_of(DomainError(Said("somebody has switched the code off in the shop")))
    return values


def _end(shop: Shop, job: Job, now: datetime) -> Values:
    found = shop.look_up(job.wanted.code)
    values: Values = {"state": "ended", "problem": {}, "retry_at": None, "attempts": 0, "checked_at": now}
    if found is None:
        return values
    ours = job.by_hand or (
        found.external_id == job.external_id if job.external_id else not difference(job.wanted, found)
    )
    if not ours:
        return values
    if not found.over and (found.ends is None or found.ends > now):
        shop.way.ended(shop.ask(shop.way.end(shop.api.credentials, found, now)))
    return {**values, "external_id": found.external_id, "usage_count": found.usage}


DEEDS: dict[str, Callable[[Shop, Job, datetime], Values]] = {"waiting": _create, "created": _check, "to_end": _end}


def _looked(usage: int, now: datetime) -> Values:
    return {"usage_count": usage, "checked_at": now, "retry_at": now + CHECK, "attempts": 0, "problem": {}}


def _missing(session: Session, job: Job, usage: int) -> int:
    """Uses the shop had counted the last time that no order explains by now; 0 where it is too early to say.

    At the end there is no later time, so what is counted then is what counts.
    """
    before = session.get_one(ShopCode, job.id, populate_existing=True).usage_count
    counted = usage if job.state == "to_end" else min(before or 0, usage)
    return max(0, counted - queue.orders_known(session, job.shop_id, job.wanted))
