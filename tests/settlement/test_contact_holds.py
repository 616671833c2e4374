"""The premium of a lead or call is held, disputed and stated as an order's commission is. A call of 20 s earns 6.00."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, NotFound
from campaigns.models import Contact, Dispute, Participation
from campaigns.settlement.books.check import breaches
from campaigns.settlement.contact_list import contacts_in, page_of_contacts
from campaigns.settlement.disputing import disputable
from campaigns.settlement.disputing.disputes import Resolution, open_dispute, resolve
from campaigns.settlement.disputing.holds import IN_DISPUTE, hold, open_hold, release
from tests import factories
from tests.settlement.owed import AFTER, LATER, end, state, statements
from tests.tracking.test_contacts import DAY, LEADS, code_of


@pytest.fixture
def mina(session: Session) -> Participation:
    """Paid 1.00 a lead and 5.00 more for a call of 15 seconds; 15 % of sales."""
    campaign = factories.live_campaign(session, accepted=2, terms={**factories.TERMS, "leads": LEADS})
    return factories.participants(session, campaign)[0]


def call(session: Session, mina: Participation, number: str = "c1", **facts) -> Contact:
    told = {"seconds": 20, "code": code_of(mina), **facts}
    return factories.contact(session, shop=mina.campaign.shop, external_id=number, **told)


def asked(session: Session, mina: Participation, contact: Contact, words: str = "It was longer.") -> Dispute:
    user = factories.user(session, influencer=mina.influencer)
    return open_dispute(session, user, disputable.about_contact(session, user, contact.public_id), words, factories.NOW)


def test_a_held_premium_stands_below_the_line_and_the_next_statement_takes_it(session: Session, mina: Participation):
    """Two calls, one held: 6.00 are due, 6.00 are held; after the release the other 6.00 are due."""
    doubted = call(session, mina)
    call(session, mina, "c2", happened_at=factories.NOW + DAY)
    hold(session, doubted, "a friend of hers called", None, factories.NOW)
    end(session, mina.campaign)
    (first,) = statements(session, mina)
    assert (first["due_minor"], first["held_minor"], first["contacts_minor"]) == (600, 600, 600)
    (line,) = first["held"]  # type: ignore[misc]
    assert (line["contact"], line["reason"]) == (doubted.public_id, "a friend of hers called")
    release(session, doubted, "she is no friend", None, LATER)
    assert state(session, mina).amount_minor == 600
    assert [line["contact"] for line in statements(session, mina)[1]["lines"]] == [doubted.public_id]  # type: ignore[attr-defined]
    assert breaches(session) == []


def test_what_a_held_contact_earns_meanwhile_is_held_as_well(session: Session, mina: Participation):
    """1.00 when it was too short, 5.00 more when the shop calls it qualified."""
    doubted = call(session, mina, seconds=3)
    hold(session, doubted, "a doubt", None, factories.NOW)
    call(session, mina, seconds=3, status="qualified", version=factories.NOW + DAY)
    end(session, mina.campaign)
    (paper,) = statements(session, mina)
    assert (paper["due_minor"], paper["held_minor"]) == (0, 600)


def test_time_lets_no_premium_go(session: Session, mina: Participation):
    hold(session, call(session, mina), "a doubt", None, factories.NOW)
    end(session, mina.campaign)
    with pytest.raises(Conflict, match="nothing is open"):
        state(session, mina)


def test_a_contact_is_held_once_and_its_orders_namesake_not_at_all(session: Session, mina: Participation):
    """The contact and the order have the same id, and not the same hold."""
    contact = call(session, mina)
    order = factories.order(session, shop=mina.campaign.shop, code=code_of(mina))
    assert contact.id == order.id
    hold(session, contact, "a doubt", None, factories.NOW)
    with pytest.raises(Conflict, match="held already"):
        hold(session, contact, "another", None, factories.NOW)
    assert open_hold(session, order) is None
    rows, _ = page_of_contacts(session, contacts_in(mina.campaign_id))
    assert [row.hold.reason for row in rows if row.hold] == ["a doubt"]


def test_a_premium_on_a_statement_can_not_be_held_any_more(session: Session, mina: Participation):
    contact = call(session, mina)
    end(session, mina.campaign)
    with pytest.raises(Conflict, match="on a statement already"):
        hold(session, contact, "too late", None, LATER)


def test_a_dispute_holds_a_premium_until_it_is_resolved(session: Session, mina: Participation):
    contact = call(session, mina, seconds=14)
    dispute = asked(session, mina, contact)
    held = open_hold(session, contact)
    assert held is not None and held.reason == IN_DISPUTE
    end(session, mina.campaign)
    resolve(session, dispute, factories.user(session).id, Resolution("agency", "It was 14 seconds."), LATER)
    assert open_hold(session, contact) is None
    assert [paper["due_minor"] for paper in statements(session, mina)] == [0]
    assert state(session, mina).amount_minor == 100
    assert breaches(session) == []


def test_the_last_of_two_disputes_lets_it_go(session: Session, mina: Participation):
    contact, staff = call(session, mina), factories.user(session).id
    first = asked(session, mina, contact)
    brand = factories.user(session, brand=mina.campaign.brand)
    about = disputable.about_contact(session, brand, contact.public_id)
    second = open_dispute(session, brand, about, "Our own clerk.", factories.NOW)
    resolve(session, first, staff, Resolution("agency", "No."), AFTER)
    assert open_hold(session, contact) is not None
    resolve(session, second, staff, Resolution("agency", "No."), AFTER)
    assert open_hold(session, contact) is None


def test_who_brought_a_contact_may_ask_why_it_is_not_theirs(session: Session, mina: Participation):
    """The second call of the same person counts for nobody."""
    call(session, mina, email="dana@example.com")
    again = call(session, mina, "c2", email="dana@example.com", happened_at=factories.NOW + DAY)
    assert again.participation_id is None
    assert asked(session, mina, again, "She asked for something else.").participation_id == mina.id


def test_a_contact_of_others_can_not_be_asked_about(session: Session, mina: Participation):
    contact = call(session, mina)
    noa = factories.participants(session, mina.campaign)[1]
    for other in (factories.user(session, influencer=noa.influencer),
                  factories.user(session, brand=factories.brand(session, name="Cobalt"))):  # fmt: skip
        with pytest.raises(NotFound):
            disputable.about_contact(session, other, contact.public_id)


def test_the_books_notice_a_held_premium_on_a_statement(session: Session, mina: Participation):
    contact = call(session, mina)
    end(session, mina.campaign)
    made = {"contact": contact.id, "at": factories.NOW.replace(tzinfo=None)}
    session.execute(
        text("INSERT INTO hold (contact_id, reason, held_at, release_reason) VALUES (:contact, 'x', :at, '')"), made
    )  # noqa: E501
    assert any("takes what hold" in breach for breach in breaches(session))
