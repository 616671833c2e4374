"""Crediting by hand: who is told, what each can read afterwards, and what is done only once."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid
from campaigns.i18n import LANGUAGES
from campaigns.models import AttributionDecision, AuditEntry, Campaign, Mail, Order, Participation, User
from campaigns.people.mail import write_letter
from campaigns.planning.crediting import credit_by_hand, taken_away
from campaigns.settlement.books.check import breaches
from campaigns.settlement.figures import figures_of
from tests import factories

REASON = "the post of 9 May was shared"


@dataclass
class Stage:
    """Mina, Noa and Tal in one campaign, and Omar who decides."""

    session: Session
    campaign: Campaign
    mina: Participation
    noa: Participation
    tal: Participation
    omar: User

    def credit(self, order: Order, who: Participation, reason: str = REASON) -> AttributionDecision:
        key = factories.identity_key()
        return credit_by_hand(self.session, order, who, self.omar.id, reason, "https://a.example", key, factories.NOW)

    def order_of(self, who: Participation | None, **facts) -> Order:
        code = who.code.code if who and who.code else ""
        return factories.order(self.session, shop=self.campaign.shop, code=code, external_id="987654", **facts)

    def letters(self) -> dict[str, Mail]:
        return {mail.recipient: mail for mail in self.session.scalars(select(Mail).order_by(Mail.id))}


@pytest.fixture
def stage(session: Session) -> Stage:
    campaign = factories.live_campaign(session, accepted=3)
    made = Stage(session, campaign, *factories.participants(session, campaign), factories.user(session))
    for person in (made.mina, made.noa, made.tal):
        person.influencer.language = "en"
    return made


def test_both_influencers_are_told_with_the_reason_and_not_of_each_other(stage: Stage):
    stage.credit(stage.order_of(stage.mina), stage.noa)
    letters = stage.letters()
    assert set(letters) == {stage.mina.influencer.email, stage.noa.influencer.email}
    for one, other in ((stage.mina, stage.noa), (stage.noa, stage.mina)):
        letter = letters[one.influencer.email]
        assert REASON in letter.body and "•••54" in letter.body
        assert f"https://a.example/me/campaigns/{one.public_id}" in letter.body
        for hidden in (other.influencer.name, other.influencer.email, "987654", "buyer@example.com"):
            assert hidden not in letter.subject + letter.body


def test_the_letters_say_which_way_it_went(stage: Stage):
    stage.credit(stage.order_of(stage.mina), stage.noa)
    letters = stage.letters()
    assert "is no longer credited to you" in letters[stage.mina.influencer.email].subject
    assert "is now credited to you" in letters[stage.noa.influencer.email].subject


def test_an_order_of_nobody_is_told_to_one_only(stage: Stage):
    stage.credit(stage.order_of(None), stage.mina)
    assert set(stage.letters()) == {stage.mina.influencer.email}


def test_the_books_and_the_audit_log_follow(stage: Stage):
    order = stage.order_of(stage.mina)
    stage.credit(order, stage.noa)
    figures = figures_of(stage.session, stage.campaign.id)
    assert (figures[stage.noa.id].commission_minor, figures[stage.mina.id].commission_minor) == (1_500, 0)
    assert breaches(stage.session) == []
    entry = stage.session.scalars(select(AuditEntry).filter_by(action="order.assigned")).one()
    assert (entry.user_id, entry.subject) == (stage.omar.id, f"order:{order.public_id}")
    assert entry.details == {"reason": REASON, "to": stage.noa.public_id, "was": stage.mina.public_id}


def test_the_same_deed_again_does_and_sends_nothing(stage: Stage):
    order = stage.order_of(stage.mina)
    first = stage.credit(order, stage.noa)
    assert stage.credit(order, stage.noa).id == first.id
    assert len(stage.session.scalars(select(Mail)).all()) == 2
    assert len(stage.session.scalars(select(AuditEntry)).all()) == 1


def test_confirming_what_the_rules_said_takes_nothing_from_anybody(stage: Stage):
    stage.credit(stage.order_of(stage.mina), stage.mina)
    assert stage.letters() == {} and taken_away(stage.session, stage.mina) == []


def test_who_lost_an_order_reads_the_reason_of_that_step_and_others_nothing(stage: Stage):
    order = stage.order_of(stage.mina)
    stage.credit(order, stage.noa, "first thought")
    stage.credit(order, stage.tal, "second thought")
    taken = {
        one.id: [row.reason for row in taken_away(stage.session, one)] for one in (stage.mina, stage.noa, stage.tal)
    }
    assert taken == {stage.mina.id: ["first thought"], stage.noa.id: ["second thought"], stage.tal.id: []}
    assert taken_away(stage.session, stage.mina)[0].at == factories.NOW


def test_an_order_that_came_back_is_not_listed_as_taken(stage: Stage):
    order = stage.order_of(stage.mina)
    stage.credit(order, stage.noa)
    stage.credit(order, stage.mina, "a mistake")
    assert taken_away(stage.session, stage.mina) == []
    assert [one.reason for one in taken_away(stage.session, stage.noa)] == ["a mistake"]


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 1_001])
def test_a_reason_is_written_and_short_enough_to_read(stage: Stage, reason: str):
    with pytest.raises(Invalid) as caught:
        stage.credit(stage.order_of(None), stage.mina, reason)
    assert list(caught.value.errors) == ["reason"]


def test_what_no_one_may_credit_is_told_to_nobody(stage: Stage):
    stranger = factories.participants(stage.session, factories.live_campaign(stage.session, accepted=1))[0]
    with pytest.raises(Invalid):
        stage.credit(stage.order_of(None), stranger)
    with pytest.raises(Conflict):
        stage.credit(stage.order_of(None, test=True, version=factories.END), stage.mina)
    assert stage.letters() == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", ["credited_by_hand", "credit_taken"])
def test_the_letters_are_written_in_every_language(letter: str, language: str):
    facts = {"name": "Mina", "brand": "Amber", "campaign": "Spring", "number": "•••54", "day": "10 May", "link": "L"}
    subject, body = write_letter(letter, language, reason=REASON, **facts)
    assert "Amber" in subject and REASON in body and "•••54" in body
    assert (subject == write_letter(letter, "en", reason=REASON, **facts)[0]) == (language == "en")
