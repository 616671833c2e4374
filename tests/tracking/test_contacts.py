"""Contacts taken from shops: which message counts, whose each is, and what it earns. Amounts in agorot."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from campaigns.commissions.contact_accrual import earned_by_contact
from campaigns.models import Campaign, Contact, Participation
from campaigns.settlement.books.check import breaches
from tests import factories
from tests.factories import END, NOW

LEADS = {"per_lead_minor": 100, "per_qualified_minor": 500, "per_closed_minor": 2000, "agency_per_lead_minor": 50}
DAY = timedelta(days=1)


@pytest.fixture
def campaign(session: Session) -> Campaign:
    """Three influencers who are paid 1.00 a lead, 5.00 more if it is qualified, 20.00 more if it closes."""
    return factories.live_campaign(session, accepted=3, terms={**factories.TERMS, "leads": LEADS})


@pytest.fixture
def mina(session: Session, campaign: Campaign) -> Participation:
    return factories.participants(session, campaign)[0]


@pytest.fixture
def noa(session: Session, campaign: Campaign) -> Participation:
    return factories.participants(session, campaign)[1]


def code_of(person: Participation) -> str:
    assert person.code is not None
    return person.code.code


def earned(session: Session, contact: Contact) -> tuple[int, int]:
    return earned_by_contact(session, [contact.id]).get(contact.id, (0, 0))


def test_a_contact_with_a_code_is_its_influencers_and_earns(session: Session, mina: Participation):
    contact = factories.contact(session, shop=mina.campaign.shop, code=code_of(mina))
    assert (contact.reason, contact.participation_id, contact.campaign_id) == ("coupon", mina.id, mina.campaign_id)
    assert earned(session, contact) == (100, 50)
    assert breaches(session) == []


@pytest.mark.parametrize(("seconds", "amount"), [(14, 100), (15, 600), (None, 100)])
def test_a_call_is_qualified_from_fifteen_seconds_on(session: Session, mina: Participation, seconds, amount: int):
    contact = factories.contact(session, shop=mina.campaign.shop, code=code_of(mina), seconds=seconds)
    assert earned(session, contact) == (amount, 50)


def test_a_contact_rejected_later_is_taken_back(session: Session, mina: Participation):
    told = {"shop": mina.campaign.shop, "code": code_of(mina), "external_id": "c1"}
    factories.contact(session, **told, status="closed")
    contact = factories.contact(session, **told, status="rejected", version=NOW + DAY)
    assert (contact.reason, earned(session, contact)) == ("coupon", (0, 0))
    assert [one["status"] for one in contact.evidence["earlier"]] == ["closed"]
    assert breaches(session) == []


def test_of_two_messages_the_newer_version_counts(session: Session, mina: Participation):
    told = {"shop": mina.campaign.shop, "code": code_of(mina), "external_id": "c1"}
    factories.contact(session, **told, status="closed", version=NOW + DAY)
    contact = factories.contact(session, **told, status="created", version=NOW)
    assert (contact.status, earned(session, contact)) == ("closed", (2600, 50))


def test_in_one_second_the_status_further_along_counts(session: Session, mina: Participation):
    told = {"shop": mina.campaign.shop, "code": code_of(mina), "external_id": "c1"}
    factories.contact(session, **told, status="rejected")
    assert factories.contact(session, **told, status="qualified").status == "rejected"


def test_a_click_credits_a_contact_as_it_does_an_order(session: Session, mina: Participation):
    click = factories.click(session, participation=mina, at=NOW - DAY)
    contact = factories.contact(session, shop=mina.campaign.shop, click_ids=(factories.click_id(click),))
    assert (contact.reason, contact.participation_id) == ("link", mina.id)


def test_a_name_in_the_landing_address_credits_a_contact_also_when_told_again(session: Session, mina: Participation):
    address = f"https://shop.example.com/serum?ref={mina.links[0].slug}"
    for _ in range(2):
        contact = factories.contact(session, shop=mina.campaign.shop, external_id="c1", landing_url=address)
        assert (contact.reason, contact.participation_id) == ("landing", mina.id)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"code": "NOBODYS"}, "none"),
        ({"test": True}, "refused_test"),
        ({"happened_at": END + 90 * DAY}, "refused_outside_dates"),
    ],
)
def test_what_is_nobodys_says_why_and_earns_nothing(session: Session, mina: Participation, facts, reason: str):
    contact = factories.contact(session, shop=mina.campaign.shop, **{"code": code_of(mina), **facts})
    assert (contact.reason, contact.participation_id, contact.campaign_id) == (reason, None, mina.campaign_id)
    assert earned(session, contact) == (0, 0)


def test_an_influencer_can_not_call_for_herself(session: Session, mina: Participation):
    mina.influencer.phone = "050-7654321"
    session.flush()
    contact = factories.contact(session, shop=mina.campaign.shop, code=code_of(mina), phone="+972507654321")
    assert (contact.reason, contact.evidence["refused_for"]) == ("refused_self_purchase", "coupon")


def test_nothing_is_kept_of_the_person_but_keyed_hashes(session: Session, mina: Participation):
    contact = factories.contact(session, shop=mina.campaign.shop, email="dana@example.com", phone="050-1112223")
    kept = str({name: value for name, value in vars(contact).items() if name != "shop"})
    assert "dana" not in kept
    assert "1112223" not in kept
    assert len(contact.customer_key) == len(contact.phone_key) == 64


def test_terms_without_leads_pay_nothing_and_the_reason_stays(session: Session):
    campaign = factories.live_campaign(session, accepted=1)
    person = factories.participants(session, campaign)[0]
    contact = factories.contact(session, shop=campaign.shop, code=code_of(person), status="closed")
    assert (contact.reason, earned(session, contact)) == ("coupon", (0, 0))
    assert breaches(session) == []


def test_a_second_contact_of_a_person_is_kept_and_earns_nothing(session: Session, mina: Participation, noa):
    first = factories.contact(session, shop=mina.campaign.shop, code=code_of(mina), phone="050-1112223")
    told = {"code": code_of(noa), "phone": "0501112223", "happened_at": NOW + DAY}
    second = factories.contact(session, shop=mina.campaign.shop, **told)
    assert (second.reason, second.evidence["repeats"]) == ("refused_repeated", first.public_id)
    assert (earned(session, first), earned(session, second)) == ((100, 50), (0, 0))


def test_an_earlier_contact_told_later_takes_the_place(session: Session, mina: Participation):
    told = {"shop": mina.campaign.shop, "code": code_of(mina), "email": "dana@example.com"}
    later = factories.contact(session, **told, happened_at=NOW + DAY)
    first = factories.contact(session, **told, happened_at=NOW)
    session.refresh(later)
    assert (first.reason, later.reason) == ("coupon", "refused_repeated")
    assert (earned(session, first), earned(session, later)) == ((100, 50), (0, 0))
    assert breaches(session) == []


def test_what_the_shop_rejects_gives_its_place_to_the_next(session: Session, mina: Participation):
    told = {"shop": mina.campaign.shop, "code": code_of(mina), "email": "dana@example.com"}
    factories.contact(session, **told, external_id="c1")
    second = factories.contact(session, **told, happened_at=NOW + DAY)
    factories.contact(session, **told, external_id="c1", status="rejected", version=NOW + 2 * DAY)
    session.refresh(second)
    assert (second.reason, earned(session, second)) == ("coupon", (100, 50))
    assert [one["reason"] for one in second.evidence["earlier"]] == ["refused_repeated"]


def test_a_contact_told_of_another_code_moves_with_what_it_earned(session: Session, mina: Participation, noa):
    shop = mina.campaign.shop
    factories.contact(session, shop=shop, code=code_of(mina), external_id="c1", status="closed")
    moved = factories.contact(session, shop=shop, code=code_of(noa), external_id="c1", version=NOW + DAY)
    assert (moved.participation_id, earned(session, moved)) == (noa.id, (100, 50))
    assert moved.evidence["earlier"][0]["participant"] == mina.public_id
    assert breaches(session) == []
