"""A disputed payment from end to end: signed events at our door take the commission back, and give it back again.

The sale is 90.00 net in 129.80 paid: at 15 % the influencer has 13.50 of it, at 3 % the agency 2.70.
"""

import json
from contextvars import Context
from itertools import count
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Delivery, OrderRefund
from campaigns.settlement.books.check import breaches
from campaigns.settlement.figures import figures_of
from campaigns.tracking import inbox
from tests import factories
from tests.factories import NOW
from tests.faults.signing import SIGNERS, Message
from tests.tracking.platforms.event_payloads import stripe_dispute, stripe_event, stripe_refund, stripe_session

SECRET = "whsec_made-up-for-this-shop"
SOLD_AT = int(NOW.timestamp())
BOUGHT, DISPUTED = "checkout.session.completed", "charge.dispute.created"
WON, REINSTATED = "charge.dispute.closed", "charge.dispute.funds_reinstated"
WHOLE, HALF, NOTHING = (1350, 270), (675, 135), (0, 0)


class Door:
    """The webhook of a Stripe shop in the middle of its campaign, and what its one participant has earned so far."""

    def __init__(self, session: Session, client: FlaskClient) -> None:
        self.session, self.client = session, client
        self.shop = factories.shop(session, platform="stripe", secret=SECRET)
        self.campaign: Campaign = factories.live_campaign(session, accepted=1, shop=self.shop)
        (self.person,) = factories.participants(session, self.campaign)
        self.numbers = count(1)

    def tell(self, topic: str, thing: Any, minutes: int) -> str:
        """What became of an event that happened so many minutes after the sale."""
        number, path = next(self.numbers), f"/webhooks/stripe/{self.shop.public_id}"
        event = stripe_event(topic, thing, SOLD_AT + 60 * minutes) | {"id": f"evt_{number}"}
        posted = SIGNERS["stripe"](SECRET, Message(json.dumps(event).encode(), topic, number, SOLD_AT))
        self.session.commit()
        answer = Context().run(self.client.post, path, data=posted.body, headers=posted.headers)
        assert answer.status_code == 200 and answer.json is not None
        self.session.rollback()
        return str(answer.json["status"])

    def sell(self) -> None:
        assert self.person.code is not None
        named = [{"coupon": "c1", "promotion_code": {"id": "promo_1", "code": self.person.code.code}}]
        assert self.tell(BOUGHT, stripe_session(created=SOLD_AT, discounts=named), 0) == "processed"

    def dispute(self, topic: str, minutes: int, **fields: Any) -> str:
        return self.tell(topic, stripe_dispute(**fields), minutes)

    @property
    def earned(self) -> tuple[int, int]:
        """Commission and fee, by books that are clean."""
        assert breaches(self.session) == []
        found = figures_of(self.session, self.campaign.id)[self.person.id]
        return found.commission_minor, found.agency_fee_minor


@pytest.fixture
def door(session: Session, client: FlaskClient) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield Door(session, client)


# A third of 129.80 disputed is 43.27, of which 30.00 are goods: 60.00 are left, 9.00 and 1.80 of them.
@pytest.mark.parametrize(("amount", "left"), [(12980, NOTHING), (6490, HALF), (4327, (900, 180))])
@pytest.mark.parametrize("last", [WON, REINSTATED])
def test_a_dispute_takes_the_commission_and_winning_it_gives_it_back_to_the_agora(
    door: Door, amount: int, left: tuple[int, int], last: str
) -> None:
    door.sell()
    assert door.earned == WHOLE
    assert door.dispute(DISPUTED, 10, amount=amount) == "processed"
    assert door.earned == left
    assert door.dispute(last, 20, amount=amount, status="won") == "processed"
    assert door.earned == WHOLE


def test_a_dispute_that_was_won_before_we_heard_of_it_takes_nothing(door: Door) -> None:
    assert door.dispute(WON, 20, status="won") == "processed"
    door.sell()
    assert door.dispute(DISPUTED, 10) == "processed"
    assert door.earned == WHOLE


def test_a_dispute_after_a_refund_takes_what_was_left_and_gives_only_that_back(door: Door) -> None:
    door.sell()
    door.tell("refund.created", stripe_refund(), 5)  # 64.90, half of it
    assert door.earned == HALF
    door.dispute(DISPUTED, 10)
    assert door.earned == NOTHING
    door.dispute(WON, 20, status="won")
    assert door.earned == HALF


def test_a_dispute_that_was_lost_leaves_nothing_and_is_posted_once(door: Door) -> None:
    door.sell()
    for topic, status in ((DISPUTED, "needs_response"), ("charge.dispute.funds_withdrawn", "needs_response")):
        door.dispute(topic, 10, status=status)
    door.dispute(WON, 20, status="lost")
    assert door.earned == NOTHING
    (stands,) = door.session.scalars(select(OrderRefund))
    assert (stands.refund_id, stands.body["unsplit_minor"]) == ("du_1", 12980)


def test_reading_everything_again_changes_nothing(door: Door) -> None:
    door.sell()
    for minutes, topic, status in ((10, DISPUTED, "needs_response"), (20, WON, "won"), (20, REINSTATED, "won")):
        door.dispute(topic, minutes, status=status)
    kept = door.session.scalars(select(Delivery).order_by(Delivery.id.desc())).all()
    for delivery in kept:
        inbox.replay(door.session, delivery, factories.identity_key(), NOW)
    assert [delivery.status for delivery in kept] == ["processed"] * 4
    assert door.earned == WHOLE


def test_an_inquiry_is_kept_and_moves_nothing_until_it_becomes_a_dispute(door: Door) -> None:
    door.sell()
    assert door.dispute(DISPUTED, 10, status="warning_needs_response") == "ignored"
    assert door.earned == WHOLE
    kept = door.session.scalars(select(Delivery).where(Delivery.topic == DISPUTED)).one()
    assert (kept.status, kept.reason) == ("ignored", "a dispute: no money moved so far")
    assert door.dispute("charge.dispute.updated", 20) == "processed"
    assert door.earned == NOTHING


def test_a_dispute_of_a_word_nobody_knows_waits_for_a_person(door: Door) -> None:
    door.sell()
    assert door.dispute(DISPUTED, 10, status="escalated") == "failed"
    assert door.earned == WHOLE
