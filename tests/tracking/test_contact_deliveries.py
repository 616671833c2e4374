"""Messages about contacts, kept and read again as all deliveries are; any order of arrival ends alike."""

import json
from datetime import timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.models import Contact, Delivery, LedgerAccount, Participation, Posting
from campaigns.settlement.books.check import breaches
from campaigns.tracking import inbox
from campaigns.tracking.events import Envelope
from campaigns.tracking.inbox import replay
from campaigns.tracking.masking import masked
from tests import factories
from tests.factories import NOW
from tests.tracking.test_contacts import LEADS

MINUTE = timedelta(minutes=1)


@pytest.fixture
def mina(session: Session) -> Participation:
    campaign = factories.live_campaign(session, accepted=1, terms={**factories.TERMS, "leads": LEADS})
    return factories.participants(session, campaign)[0]


def message(mina: Participation, status: str, minutes: int, contact: str = "c1", **data: Any) -> dict[str, Any]:
    """What a shop sends `minutes` after noon of a call of twenty seconds."""
    assert mina.code is not None
    told = {"id": contact, "version": iso(NOW + minutes * MINUTE), "happened_at": iso(NOW), "seconds": 20}
    person = {"email": "dana@example.com", "phone": "050-1112223"}
    return {
        "type": f"lead.{status}",
        "data": {**told, "coupon_codes": [mina.code.code], "customer": person, **data},
    }


def balances(session: Session) -> dict[str, int]:
    """Account kind -> balance, without those at zero."""
    total = func.sum(Posting.amount_minor)
    rows = session.execute(select(LedgerAccount.kind, total).join(Posting).group_by(LedgerAccount.kind))
    return {kind: int(amount) for kind, amount in rows if amount}


def test_a_delivery_brings_a_contact_and_again_it_changes_nothing(session: Session, mina: Participation):
    kept = factories.delivery(session, shop=mina.campaign.shop, body=message(mina, "closed", 0), topic="lead.closed")
    replay(session, kept, factories.identity_key(), NOW)
    assert (kept.status, kept.order_external_id) == ("processed", None)
    # 1.00 + 5.00 + 20.00 for Mina, 0.50 for the agency
    assert balances(session) == {"brand_receivable": 2650, "influencer_pending": -2600, "agency_income": -50}


def test_an_unreadable_length_is_kept_as_failed_and_earns_nothing(session: Session, mina: Participation):
    body = message(mina, "qualified", 0, seconds="a minute")
    kept = factories.delivery(session, shop=mina.campaign.shop, body=body)
    assert (kept.status, kept.reason) == ("failed", "data.seconds: not a quantity")
    assert (session.scalars(select(Contact)).all(), balances(session)) == ([], {})


def test_a_code_registered_later_counts_when_the_delivery_is_read_again(session: Session, mina: Participation):
    body = message(mina, "created", 0, coupon_codes=["LATE10"])
    kept = factories.delivery(session, shop=mina.campaign.shop, body=body)
    assert mina.code is not None
    mina.code.code = mina.code.folded = "LATE10"
    replay(session, kept, factories.identity_key(), NOW)
    assert session.scalars(select(Contact)).one().participation_id == mina.id


def test_one_delivery_that_fails_harms_no_contact_beside_it(session: Session, mina: Participation):
    shop, good = mina.campaign.shop, message(mina, "created", 0)
    bodies = [good, {"type": "lead.created", "data": {"id": "c2"}}]
    arrivals = [
        inbox.arrival(shop, Envelope("lead.created", f"m{number}"), json.dumps(body).encode(), NOW)
        for number, body in enumerate(bodies)
    ]
    statuses = inbox.keep(session.connection(), arrivals, factories.identity_key(), NOW)
    assert statuses == ["processed", "failed"]
    assert [one.external_id for one in session.scalars(select(Contact))] == ["c1"]


def test_of_a_contact_s_body_only_the_person_is_masked(mina: Participation):
    body = message(mina, "created", 0, proof={"recording_id": "rec_9", "dialled": "+97231234567"})
    shown = masked(json.dumps(body).encode())
    for secret in ("dana", "1112223", "97231234567"):
        assert secret not in shown
    for fact in ('"seconds": 20', "rec_9", "lead.created", mina.code.code if mina.code else ""):
        assert fact in shown


def ways(count: int) -> list[tuple[int, ...]]:
    """Some of the orders in which six messages, each sent twice, may come."""
    once = list(permutations(range(6)))
    chance = Random(4)  # noqa: S311 - always the same
    found = []
    for first in chance.sample(once, count):
        again = list(first)
        chance.shuffle(again)
        found.append((*first, *again))
    return found


def test_any_order_of_messages_sent_twice_ends_in_one_state_and_balance(session: Session, mina: Participation):
    """A call that closes, one by the same person the day before it that is rejected in the end, and a third by her."""
    sent = [
        ("created", 0, "c1", {}),
        ("qualified", 5, "c1", {}),
        ("closed", 9, "c1", {}),
        ("created", 1, "c0", {"happened_at": iso(NOW - timedelta(days=1))}),
        ("rejected", 7, "c0", {"happened_at": iso(NOW - timedelta(days=1))}),
        ("created", 3, "c2", {"happened_at": iso(NOW + timedelta(days=1))}),
    ]
    ends = set()
    for lap, way in enumerate(ways(12)):
        for place in way:
            status, minutes, contact, more = sent[place]
            person = {"email": f"dana{lap}@example.com"}
            body = message(mina, status, minutes, f"{contact}-{lap}", customer=person, **more)
            factories.delivery(session, shop=mina.campaign.shop, body=body)
        rows = session.scalars(
            select(Contact).where(Contact.external_id.endswith(f"-{lap}")).order_by(Contact.happened_at)
        )
        ends.add(tuple((row.status, row.reason) for row in rows))
    assert ends == {(("rejected", "coupon"), ("closed", "coupon"), ("created", "refused_repeated"))}
    assert balances(session) == {"brand_receivable": 12 * 2650, "influencer_pending": -12 * 2600, "agency_income": -600}
    assert session.scalar(select(func.count()).select_from(Delivery)) == 12 * 12
    assert breaches(session) == []
