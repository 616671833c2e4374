"""What contacts earn, in the books: mixed terms, a plan's base that finds its contact, a basis that says why."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.contact_accrual import earned_by_contact
from campaigns.models import Contact, LedgerTransaction, Participation
from campaigns.settlement.books.check import breaches
from campaigns.settlement.figures import figures_of
from tests import factories
from tests.factories import NOW

DAY = timedelta(days=1)

# 100.00 for a plan of three, and a premium of 5.00 for each qualified contact; 0.50 a contact for the agency.
MIXED = {"plan_leads": 3, "plan_base_minor": 10_000, "per_qualified_minor": 500, "agency_per_lead_minor": 50}


@pytest.fixture
def mina(session: Session) -> Participation:
    campaign = factories.live_campaign(session, accepted=1, terms={**factories.TERMS, "leads": MIXED})
    return factories.participants(session, campaign)[0]


def call(session: Session, mina: Participation, day: int, seconds: int = 20, **facts) -> Contact:
    assert mina.code is not None
    told = {"shop": mina.campaign.shop, "code": mina.code.code, "external_id": f"call{day}", "seconds": seconds}
    return factories.contact(session, **told, happened_at=NOW + day * DAY, **facts)


def commissions(session: Session) -> list[int]:
    """In the order of the days."""
    ids = list(session.scalars(select(Contact.id).order_by(Contact.happened_at)))
    earned = earned_by_contact(session, ids)
    return [earned.get(contact_id, (0, 0))[0] for contact_id in ids]


def test_the_base_falls_on_the_contact_that_fulfils_the_plan(session: Session, mina: Participation):
    for day in range(4):
        call(session, mina, day)
    assert commissions(session) == [500, 500, 10_500, 500]
    assert figures_of(session, mina.campaign_id)[mina.id].commission_minor == 12_000


def test_a_contact_told_late_moves_the_base_and_pays_it_once(session: Session, mina: Participation):
    for day in (1, 2, 3, 0):
        call(session, mina, day)
    assert commissions(session) == [500, 500, 10_500, 500]
    assert breaches(session) == []


def test_a_rejection_gives_the_base_to_the_next_or_takes_it_back(session: Session, mina: Participation):
    for day in range(3):
        call(session, mina, day)
    call(session, mina, 1, status="rejected", version=NOW + 9 * DAY)
    assert commissions(session) == [500, 0, 500]
    call(session, mina, 4, seconds=14)
    assert commissions(session) == [500, 0, 500, 10_000]
    assert breaches(session) == []


def test_contacts_are_a_figure_of_their_own(session: Session, mina: Participation):
    call(session, mina, 0)
    call(session, mina, 1, status="rejected")
    figures = figures_of(session, mina.campaign_id)[mina.id]
    assert (figures.clicks, figures.orders, figures.contacts) == (0, 0, 1)
    assert (figures.commission_minor, figures.agency_fee_minor, figures.brand_charge_minor) == (500, 50, 550)


def test_a_posting_says_by_which_terms_and_for_what(session: Session, mina: Participation):
    contact = call(session, mina, 0)
    basis = session.scalars(select(LedgerTransaction).filter_by(contact_id=contact.id)).one().basis
    assert basis is not None
    assert (basis["terms_version"], basis["parts"]) == (1, [["qualified", 0, None, 500]])


def test_told_again_nothing_is_posted_again(session: Session, mina: Participation):
    for _ in range(3):
        call(session, mina, 0)
    assert len(session.scalars(select(LedgerTransaction)).all()) == 1
