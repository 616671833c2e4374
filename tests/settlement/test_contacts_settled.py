"""Contacts on papers and in the books: lines of a statement, sums of a campaign, and breaches that are found."""

import json
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.models import Contact, Document, LedgerTransaction, Participation, Statement
from campaigns.planning import life
from campaigns.settlement.as_of import statement_as_of
from campaigns.settlement.books.check import breaches
from campaigns.settlement.books.contacts import breaches_of_contacts
from campaigns.settlement.close import close
from campaigns.settlement.contact_list import contacts_in, page_of_contacts, passed_over_contacts
from tests import factories
from tests.factories import NOW
from tests.tracking.test_contacts import LEADS, code_of
from tests.whole_campaign import CLOSED_AT, CLOSED_ON

DAY = timedelta(days=1)


@pytest.fixture
def mina(session: Session) -> Participation:
    """Paid 1.00 a lead, 5.00 more if qualified, 20.00 more if closed; and 15 % of sales."""
    campaign = factories.live_campaign(session, accepted=1, terms={**factories.TERMS, "leads": LEADS})
    return factories.participants(session, campaign)[0]


def contact(session: Session, mina: Participation, number: str, **facts) -> Contact:
    return factories.contact(session, shop=mina.campaign.shop, code=code_of(mina), external_id=number, **facts)


def end(session: Session, mina: Participation) -> Document:
    life.advance(session, mina.campaign, CLOSED_AT)
    agency = current_app.extensions["settings"].agency()
    return close(session, mina.campaign, agency, CLOSED_ON, CLOSED_AT, None, "the test ends it")


def test_a_statement_has_a_line_for_each_contact_that_earned(session: Session, mina: Participation):
    second = contact(session, mina, "c2", status="closed", happened_at=NOW + DAY).public_id
    first = contact(session, mina, "c1").public_id
    contact(session, mina, "c3", status="rejected")
    factories.order(session, shop=mina.campaign.shop, code=code_of(mina), net_minor=10_000)
    end(session, mina)
    statement = session.scalars(select(Statement)).one()
    lines = json.loads(statement.document.contents)["lines"]
    told = [(line["kind"], line["contact"], line["commission_minor"]) for line in lines if line["kind"] != "order"]
    assert told == [("contact", first, 100), ("contact", second, 2600)]
    assert statement.amount_minor == 1500 + 100 + 2600
    assert breaches(session) == []


def test_a_contact_rejected_after_closing_is_a_negative_line_of_the_next_statement(session: Session, mina):
    contact(session, mina, "c1", status="closed")
    end(session, mina)
    contact(session, mina, "c1", status="rejected", version=CLOSED_AT + DAY)
    lines, totals = statement_as_of(session, mina, CLOSED_AT + 2 * DAY)
    assert [line["commission_minor"] for line in lines] == [2600, -2600]
    assert totals == {"orders": 0, "commission_minor": 0}
    assert breaches(session) == []


def test_the_final_report_counts_contacts_beside_orders(session: Session, mina: Participation):
    contact(session, mina, "c1", status="qualified")
    totals = json.loads(end(session, mina).contents)["totals"]
    assert (totals["contacts"], totals["orders"], totals["commission_minor"], totals["agency_fee_minor"]) == (
        1,
        0,
        600,
        50,
    )


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"status": "closed"}, "lacks"),
        ({"participation_id": None, "acceptance_id": None}, "lacks"),
        ({"reason": ""}, "does not hold together"),
        ({"reason": "refused_test"}, "does not hold together"),
        ({"acceptance_id": None}, "does not hold together"),
    ],
)
def test_the_books_notice_a_contact_that_is_not_as_posted(session: Session, mina: Participation, change, found: str):
    one = contact(session, mina, "c1")
    assert breaches(session) == []
    session.execute(update(Contact).where(Contact.id == one.id).values(**change))
    assert any(found in breach for breach in breaches_of_contacts(session, mina.campaign_id))


def test_the_books_notice_a_transaction_of_no_contact(session: Session, mina: Participation):
    session.add(LedgerTransaction(kind="accrual", contact_id=77, recorded_at=NOW))
    session.flush()
    assert any("there is no such contact" in breach for breach in breaches_of_contacts(session))


def test_a_long_call_is_listed_as_qualified(session: Session, mina: Participation):
    contact(session, mina, "c1", seconds=14, happened_at=NOW)
    contact(session, mina, "c2", seconds=15, happened_at=NOW + DAY)
    rows, more = page_of_contacts(session, contacts_in(mina.campaign_id, mina.id))
    assert [(row.contact.external_id, row.status, row.brand_charge_minor) for row in rows] == [
        ("c2", "qualified", 650),
        ("c1", "created", 150),
    ]
    assert not more


def test_an_influencer_learns_why_a_contact_is_not_theirs(session: Session, mina: Participation):
    contact(session, mina, "c1", email="dana@example.com")
    contact(session, mina, "c2", email="dana@example.com", happened_at=NOW + DAY)
    assert [(one.external_id, why) for one, why in passed_over_contacts(session, mina)] == [("c2", "refused_repeated")]
