"""What stands in a database before it grows: campaigns with real orders, taken by the product's own functions.

`fixed` keeps its 300 orders and gets no clicks; `clicked` keeps its 300 orders and gets a share of all clicks; `busy`
is as large as campaigns come, whatever stands beside it; the `crowd` are nine campaigns, each of a shop of its own, to
which everything else belongs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.deliveries import Deliveries, Made
from campaigns.models import Shop
from campaigns.tracking import inbox
from tests.factories import identity_key
from tests.faults.stage import Stage, set_stage

FIXED_ORDERS = 300
CROWD = 9
BUSY_PEOPLE = 15
BUSY_ORDERS = 30  # those that its set-wise copies are made of
CROWD_ORDERS = 30  # those that the set-wise copies are made of: three for a hundred clicks of the smallest size


@dataclass(frozen=True)
class Stages:
    """The campaigns of one database and its copies. `supply` makes orders for the first of the crowd."""

    fixed: Stage
    clicked: Stage
    busy: Stage
    crowd: tuple[Stage, ...]
    supply: Deliveries


def set_stages(session: Session) -> Stages:
    """Everything, committed."""
    fixed, clicked, *crowd = (set_stage(session) for _ in range(2 + CROWD))
    busy = set_stage(session, accepted=BUSY_PEOPLE)
    keep_orders(session, busy, list(Deliveries(busy).make(BUSY_ORDERS)))
    for stage in (fixed, clicked):
        keep_orders(session, stage, list(Deliveries(stage).make(FIXED_ORDERS)))
    supplies = [Deliveries(stage) for stage in crowd]
    for number in range(CROWD_ORDERS):
        keep_orders(session, crowd[number % CROWD], list(supplies[number % CROWD].make(1)))
    return Stages(fixed, clicked, busy, tuple(crowd), supplies[0])


def keep_orders(session: Session, stage: Stage, deliveries: Sequence[Made]) -> None:
    """Take deliveries of a stage's shop as one batch, and commit."""
    shop = session.scalars(select(Shop).where(Shop.public_id == stage.shop_id)).one()
    arrivals = []
    for made in deliveries:
        headers = {name.lower(): value for name, value in made.headers.items()}
        envelope = inbox.verify(shop, headers, made.body, stage.now)
        assert envelope is not None, "our shop sends no pings"
        arrivals.append(inbox.arrival(shop, envelope, made.body, stage.now))
    statuses = inbox.keep(session.connection(), arrivals, identity_key(), stage.now)
    assert set(statuses) == {"processed"}, statuses
    session.commit()
