"""Customers registered in advance: the table of docs/attribution.md, what is told to whom, and the limits."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid
from campaigns.models import AuditEntry, Campaign, Mail, Order, Participation, Registration
from campaigns.planning import registrations
from campaigns.planning.customers import label_of, read_customer
from campaigns.planning.participation import leave
from campaigns.planning.registrations import By, attach_at_request, end_registration, register, state
from tests import factories
from tests.factories import NOW

DOCUMENT = Path(__file__).parents[2] / "docs/attribution.md"
ROW = re.compile(r"^\| (R\d+) \|.*?\| `(\w+)` \| `(\w+)` \|", re.MULTILINE)
REGISTERING = {**factories.TERMS, "attribution": {"registered_customer_days": 14}}
DAY = timedelta(days=1)
DANA = "dana@example.com"


@dataclass
class Stage:
    """A live campaign of two whose terms bind registered customers for 14 days."""

    session: Session
    campaign: Campaign
    mina: Participation
    noa: Participation

    def by(self, days: int = 0) -> By:
        staff = factories.user(self.session)
        return By(staff.id, "http://localhost", factories.identity_key(), NOW + days * DAY)

    def register(self, who: Participation, email: str = DANA, phone: str = "", days: int = 0) -> Registration:
        customer = read_customer(email, phone, factories.identity_key())
        return register(self.session, who, customer, self.by(days))[0]

    def ask(self, who: Participation, email: str = DANA, days: int = 0) -> Registration:
        """The customer asks for somebody."""
        customer = read_customer(email, "", factories.identity_key())
        return attach_at_request(self.session, who, customer, "she wrote to us", self.by(days))

    def buys(self, status: str = "paid", email: str = DANA) -> Order:
        return factories.order(self.session, shop=self.campaign.shop, email=email, status=status, placed_at=NOW - DAY)

    def letters(self, who: Participation) -> list[str]:
        to = who.influencer.email
        return list(self.session.scalars(select(Mail.body).filter_by(recipient=to).order_by(Mail.id)))


@pytest.fixture
def stage(session: Session) -> Stage:
    campaign = factories.live_campaign(session, accepted=2, terms=REGISTERING)
    mina, noa = factories.participants(session, campaign)
    mina.influencer.language = noa.influencer.language = "en"
    return Stage(session, campaign, mina, noa)


def after(stage: Stage, *before: object) -> Registration:
    """Noa registers the customer after something was done."""
    return stage.register(stage.noa)


def long_ago(stage: Stage) -> Registration:
    stage.register(stage.mina, days=-15)
    return stage.register(stage.noa)


def who_left(stage: Stage) -> Registration:
    stage.register(stage.mina, days=-1)
    leave(stage.session, stage.mina, "withdrawn", "moving abroad", NOW)
    return stage.register(stage.noa)


def in_another_campaign(stage: Stage) -> Registration:
    """Noa has the customer by one campaign of the shop, and registers them by the next."""
    stage.register(stage.noa)
    campaign = factories.campaign(stage.session, shop=stage.campaign.shop, terms=REGISTERING)
    again = factories.participation(stage.session, campaign=campaign, influencer=stage.noa.influencer)
    return stage.register(again)


def not_offered(stage: Stage) -> Registration:
    plain = factories.live_campaign(stage.session, accepted=1, shop=stage.campaign.shop)
    return stage.register(factories.participants(stage.session, plain)[0])


def over(stage: Stage) -> Registration:
    return stage.register(stage.noa, days=30)


STORIES: dict[str, Callable[[Stage], Registration]] = {
    "R1": after,
    "R2": lambda stage: after(stage, stage.buys()),
    "R3": lambda stage: after(stage, stage.buys("cancelled")),
    "R4": lambda stage: after(stage, stage.buys(), stage.register(stage.mina)),
    "R5": lambda stage: after(stage, stage.register(stage.mina)),
    "R6": long_ago,
    "R7": who_left,
    "R8": in_another_campaign,
    "R9": lambda stage: after(stage, stage.register(stage.noa)),
    "R10": lambda stage: stage.register(stage.noa, stage.noa.influencer.email.replace("@", "+shop@")),
    "R11": over,
    "R12": not_offered,
    "R13": lambda stage: (stage.register(stage.mina), stage.ask(stage.noa))[1],
    "R14": lambda stage: (stage.buys(), stage.ask(stage.noa))[1],
    "R15": lambda stage: stage.ask(stage.noa, stage.noa.influencer.email),
}


def documented() -> list[tuple[str, str, str]]:
    return ROW.findall(DOCUMENT.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("row", "status", "reason"), documented())
def test_a_registration_ends_as_the_table_says(stage: Stage, row: str, status: str, reason: str):
    made = STORIES[row](stage)
    assert (made.status, made.reason, made.exclusive) == (status, reason, status == "attached")
    assert (made.binds_until is None) == (status == "refused")


def test_every_row_of_the_table_is_a_story():
    assert [row for row, _, _ in documented()] == list(STORIES)


def test_every_outcome_is_told_by_letter_the_impossible_one_too(stage: Stage):
    stage.register(stage.mina)
    stage.register(stage.noa)
    assert "d…@example.com" in stage.letters(stage.mina)[-1]
    assert "what they buy is yours" in stage.letters(stage.mina)[-1]
    assert "registered to somebody else" in stage.letters(stage.noa)[-1]
    assert stage.mina.influencer.name not in stage.letters(stage.noa)[-1]


def test_a_letter_is_in_its_readers_language(stage: Stage):
    stage.mina.influencer.language = "ru"
    stage.register(stage.mina)
    assert "Клиент не покупал в этом магазине" in stage.letters(stage.mina)[-1]


def test_the_same_customer_again_is_the_same_registration_and_no_letter(stage: Stage):
    first = stage.register(stage.mina)
    letters = stage.letters(stage.mina)
    assert stage.register(stage.mina, "Dana+shop@Example.com") is first
    assert stage.letters(stage.mina) == letters


def test_a_customer_is_known_by_the_number_as_well(stage: Stage):
    stage.register(stage.mina, DANA, "050-123 4567")
    refused = stage.register(stage.noa, "", "+972 50 1234567")
    assert (refused.status, refused.reason, refused.label) == ("refused", "held_by_another", "…67")


def test_the_person_is_kept_as_hashes_and_a_label_only(stage: Stage):
    made = stage.register(stage.mina, DANA, "050-123 4567")
    kept = " ".join(str(getattr(made, column.key)) for column in Registration.__table__.columns)
    assert "dana" not in kept and "1234567" not in kept
    assert made.label == "d…@example.com …67"


def test_a_label_fits_whatever_the_domain():
    assert len(label_of("a@" + "b" * 200 + ".com", "0501234567")) == 60


@pytest.mark.parametrize(("email", "phone"), [("", ""), ("no address", ""), ("", "12")])
def test_a_customer_without_an_address_or_number_is_no_customer(email: str, phone: str):
    with pytest.raises(Invalid):
        read_customer(email, phone, b"key")


def test_who_asks_for_another_leaves_the_first_and_both_are_told_why(stage: Stage):
    first = stage.register(stage.mina)
    stage.ask(stage.noa, days=1)
    assert (first.status, first.ended_at) == ("ended", NOW + DAY)
    for who in (stage.mina, stage.noa):
        assert "she wrote to us" in stage.letters(who)[-1]
    assert "no longer registered to you" in stage.letters(stage.mina)[-1]


def test_what_the_customer_asks_for_wants_a_reason_in_writing(stage: Stage):
    customer = read_customer(DANA, "", factories.identity_key())
    with pytest.raises(Invalid):
        attach_at_request(stage.session, stage.noa, customer, "  ", stage.by())


def test_a_refused_wish_leaves_the_customer_with_who_has_them(stage: Stage):
    email = stage.noa.influencer.email
    first = stage.register(stage.mina, email)
    assert stage.ask(stage.noa, email).status == "refused"
    assert first.status == "attached"


def test_a_late_one_becomes_exclusive_by_a_registration_of_its_own(stage: Stage):
    """The late one keeps its time: orders placed in it are decided as they were."""
    stage.buys()
    late = stage.register(stage.noa)
    alone = stage.ask(stage.noa, days=1)
    assert (late.status, late.ended_at, late.exclusive) == ("ended", NOW + DAY, False)
    assert alone.registered_at == NOW + DAY


def test_an_ended_customer_is_free_and_is_ended_once(stage: Stage):
    first = stage.register(stage.mina)
    end_registration(stage.session, first, "a mistake", stage.by())
    with pytest.raises(Conflict):
        end_registration(stage.session, first, "a mistake", stage.by())
    assert "a mistake" in stage.letters(stage.mina)[-1]
    assert stage.register(stage.noa).status == "attached"


def test_a_registration_is_over_when_its_days_are(stage: Stage):
    made = stage.register(stage.mina, days=-10)
    assert made.binds_until is not None
    assert state(made, made.binds_until) == "attached"
    assert state(made, made.binds_until + timedelta(seconds=1)) == "ended"


def test_only_so_many_in_a_day_refused_ones_too(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registrations, "MOST_A_DAY", 2)
    stage.register(stage.noa, stage.noa.influencer.email)
    stage.register(stage.noa)
    with pytest.raises(Conflict, match="2 customers were registered in the last 24 hours"):
        stage.register(stage.noa, "gal@example.com")
    assert stage.register(stage.noa, "gal@example.com", days=1).status == "attached"


def test_only_so_many_at_a_time(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(registrations, "MOST_STANDING", 1)
    first = stage.register(stage.noa, days=-3)
    with pytest.raises(Conflict, match="1 customers are registered, which is the most"):
        stage.register(stage.noa, "gal@example.com")
    end_registration(stage.session, first, "a mistake", stage.by())
    assert stage.register(stage.noa, "gal@example.com").status == "attached"


def test_each_deed_is_noted_with_who_did_it(stage: Stage):
    made = stage.register(stage.mina)
    end_registration(stage.session, made, "a mistake", stage.by())
    subject = f"registration:{made.public_id}"
    entries = list(stage.session.scalars(select(AuditEntry).filter_by(subject=subject).order_by(AuditEntry.id)))
    assert [entry.action for entry in entries] == ["customer.registered", "customer.ended"]
    assert entries[0].details["outcome"] == "attached" and DANA not in str(entries[0].details)
