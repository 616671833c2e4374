"""What contacts earn by the piece, and the base for a plan; the tables are in docs/commissions.md."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.commissions.contacts_earned import ContactFact, earned_by_contacts, qualifies
from campaigns.commissions.run import Earned, Part
from campaigns.commissions.terms import complete

START = datetime(2026, 5, 1, tzinfo=UTC)
LEADS = {"per_lead_minor": 100, "per_qualified_minor": 500, "per_closed_minor": 2000, "plan_leads": 2,
         "plan_base_minor": 10000}  # fmt: skip
TERMS = complete({"influencer_rate_bps": 1500, "agency_rate_bps": 300, "leads": LEADS})
statuses = st.sampled_from(["created", "qualified", "closed", "rejected"])


def contact(key: int = 1, status: str = "created", seconds: int | None = None, **leads: int) -> ContactFact:
    terms = {**TERMS, "leads": {**TERMS["leads"], **leads}}
    return ContactFact(key, START + timedelta(minutes=key), str(key), status, seconds, terms)


def earned(one: ContactFact) -> int:
    return earned_by_contacts([one])[one.key].influencer_minor


def test_a_contact_is_paid_for_each_step_it_came_to():
    assert [earned(contact(status=status)) for status in ("created", "qualified", "closed", "rejected")] == [
        100,
        100 + 500,
        100 + 500 + 2000,
        0,
    ]


def test_a_call_qualifies_from_its_seconds_on():
    assert [earned(contact(seconds=seconds)) for seconds in (14, 15)] == [100, 600]
    assert [earned(contact(seconds=seconds, qualified_seconds=30)) for seconds in (29, 30)] == [100, 600]
    assert earned(contact(status="rejected", seconds=90)) == 0
    assert not qualifies(contact(status="rejected", seconds=90))


def test_the_plan_is_paid_once_and_moves_when_a_contact_is_rejected():
    three = [contact(1), contact(2), contact(3)]
    assert [one.influencer_minor for one in earned_by_contacts(three).values()] == [100, 10100, 100]
    rejected = [contact(1), contact(2, status="rejected"), contact(3)]
    assert [one.influencer_minor for one in earned_by_contacts(rejected).values()] == [100, 0, 10100]


def test_the_agency_has_no_share_of_contacts_unless_terms_say_so():
    assert earned_by_contacts([contact()])[1].agency_minor == 0
    assert earned_by_contacts([contact(agency_per_lead_minor=50)])[1].agency_minor == 50
    assert earned_by_contacts([contact(status="rejected", agency_per_lead_minor=50)])[1] == Earned(0, 0)


def test_terms_without_contacts_pay_none_and_yet_the_contact_counts():
    silent = replace(contact(1), terms=complete({"influencer_rate_bps": 1500}))
    found = earned_by_contacts([silent, contact(2)])
    assert found[1] == Earned(0, 0)
    assert found[2].parts == (Part("lead", 0, None, 100), Part("plan", 0, None, 10000))


@given(st.lists(st.tuples(statuses, st.none() | st.integers(0, 60), st.integers(0, 3)), max_size=8), st.randoms())
def test_contacts_may_arrive_in_any_order(told, chance):
    facts = [
        replace(contact(key, status, seconds), happened_at=START + timedelta(days=day))
        for key, (status, seconds, day) in enumerate(told)
    ]
    shuffled = list(facts)
    chance.shuffle(shuffled)
    found = earned_by_contacts(shuffled)
    assert found == earned_by_contacts(facts)
    assert all(sum(part.amount_minor for part in one.parts) == one.influencer_minor for one in found.values())
    assert sum(part.rule == "plan" for one in found.values() for part in one.parts) <= 1
