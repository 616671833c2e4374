"""A lead or call followed to its postings: the same figures for everyone, and nobody's secrets."""

import pytest
from sqlalchemy.orm import Session

from campaigns.models import Contact, Participation
from campaigns.planning.contact_review import accept_contact, reject_contact
from campaigns.settlement.disputing.holds import hold
from campaigns.settlement.tracing.readers import Reader, concerns
from campaigns.settlement.tracing.traces import Trace, trace
from tests import factories
from tests.factories import NOW
from tests.settlement.owed import LATER, end
from tests.tracking.test_contacts import DAY, LEADS, code_of

AGENCY = Reader("agency")


@pytest.fixture
def mina(session: Session) -> Participation:
    """Paid 1.00 a lead, 5.00 more for a call of 15 seconds, 20.00 more for a deal; the agency 0.50 a lead."""
    campaign = factories.live_campaign(session, accepted=2, terms={**factories.TERMS, "leads": LEADS})
    return factories.participants(session, campaign)[0]


def call(session: Session, mina: Participation, **facts) -> Contact:
    told = {"seconds": 20, "external_id": "c1", "code": code_of(mina), **facts}
    return factories.contact(session, shop=mina.campaign.shop, **told)


def reader(one: Participation) -> Reader:
    return Reader("influencer", influencer_id=one.influencer_id)


def told(session: Session, contact: Contact, who: Reader) -> Trace:
    return trace(session, contact, who, LATER)


def rejected(session: Session, contact: Contact) -> None:
    omar = factories.user(session)
    reject_contact(session, contact, omar.id, "a friend of hers", "http://x", factories.identity_key(), NOW)


def test_all_three_read_the_same_figures(session: Session, mina: Participation) -> None:
    contact = call(session, mina)
    brand = Reader("brand", brand_id=mina.campaign.brand_id)
    found = [told(session, contact, who) for who in (AGENCY, brand, reader(mina))]
    assert {(one.commission_minor, one.agency_minor, one.brand_minor) for one in found} == {(600, 50, 650)}
    assert {tuple(line.amount_minor for entry in one.entries for line in entry.lines) for one in found} == {
        (650, -600, -50)
    }


def test_each_rules_part_is_told_with_the_terms_that_hold(session: Session, mina: Participation) -> None:
    """1.00 for the call, 5.00 for its 20 seconds, 20.00 for the deal."""
    found = told(session, call(session, mina, status="closed"), reader(mina))
    assert found.working is not None and found.acceptance == mina.acceptances[0]
    assert [tuple(part) for part in found.working.parts] == [
        ("lead", 0, None, 100), ("qualified", 0, None, 500), ("closed", 0, None, 2000),
    ]  # fmt: skip


def test_a_premium_comes_from_approved_to_a_statement_and_is_never_pending(session: Session, mina: Participation):
    contact = call(session, mina)
    assert trace(session, contact, reader(mina), NOW).state == "approved"
    end(session, mina.campaign)
    found = told(session, contact, reader(mina))
    assert (found.state, [line.statement is not None for line in found.entries[0].lines]) == (
        "in_statement", [False, True, False],
    )  # fmt: skip


def test_what_the_shop_rejected_later_is_reversed(session: Session, mina: Participation) -> None:
    call(session, mina)
    found = told(session, call(session, mina, status="rejected", version=NOW + DAY), reader(mina))
    assert (found.state, found.commission_minor, found.working) == ("reversed", 0, None)
    assert [entry.earned("influencer_pending") for entry in found.entries] == [600, -600]


def test_one_that_staff_rejected_says_why_and_what_was_taken_back(session: Session, mina: Participation) -> None:
    contact = call(session, mina)
    rejected(session, contact)
    now_, before = told(session, contact, reader(mina)).rulings
    assert (now_.participation, now_.against, now_.evidence["assigned_because"]) == (
        None, "refused_by_hand", "a friend of hers",
    )  # fmt: skip
    assert (before.participation, before.status, before.reason) == (mina, "created", "coupon")
    assert [entry.earned("influencer_pending") for entry in told(session, contact, reader(mina)).entries] == [600, -600]


def test_one_given_to_another_shows_each_their_own(session: Session, mina: Participation) -> None:
    contact, omar = call(session, mina), factories.user(session)
    noa = factories.participants(session, mina.campaign)[1]
    accept_contact(session, contact, noa, omar.id, "she said so", "http://x", factories.identity_key(), NOW)
    hers, others = told(session, contact, reader(mina)), told(session, contact, reader(noa))
    assert (hers.commission_minor, others.commission_minor) == (0, 600)
    assert {line.participation for entry in hers.entries for line in entry.lines} == {mina}
    assert hers.names == {} and [one.participation for one in others.rulings] == [noa]
    assert told(session, contact, AGENCY).names.keys() == {mina.public_id, noa.public_id}


def test_a_repeated_call_shows_its_bringer_the_reason_and_no_amounts(session: Session, mina: Participation) -> None:
    call(session, mina, email="dana@example.com")
    again = call(session, mina, external_id="c2", email="dana@example.com", happened_at=NOW + DAY)
    found = told(session, again, reader(mina))
    assert (found.shows_amounts, found.entries, found.rulings[0].against) == (False, [], "refused_repeated")
    noa = factories.participants(session, mina.campaign)[1]
    assert [concerns([again], {one.id: one.public_id}) for one in (mina, noa)] == [True, False]


def test_another_brand_learns_nothing_of_the_people(session: Session, mina: Participation) -> None:
    found = told(session, call(session, mina), Reader("brand", brand_id=mina.campaign.brand_id + 1))
    assert (found.names, found.entries, found.rulings[0].participation) == ({}, [], None)


def test_a_hold_is_told_with_its_reason(session: Session, mina: Participation) -> None:
    contact = call(session, mina)
    hold(session, contact, "Nobody answers there", None, NOW)
    found = told(session, contact, reader(mina))
    assert found.hold is not None and (found.state, found.hold.reason) == ("held", "Nobody answers there")


def test_a_contact_under_terms_that_pay_none_says_nothing_of_money(session: Session) -> None:
    plain = factories.participants(session, factories.live_campaign(session, accepted=1))[0]
    found = told(session, call(session, plain), reader(plain))
    assert (found.state, found.entries, found.working, found.commission_minor) == ("", [], None, 0)
