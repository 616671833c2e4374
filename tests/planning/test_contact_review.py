"""Contacts rejected or accepted by hand: what is paid, who is told, and what stands afterwards."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.contact_accrual import earned_by_contact
from campaigns.errors import Conflict, Invalid
from campaigns.i18n import LANGUAGES
from campaigns.models import AuditEntry, Contact, LedgerTransaction, Mail, Participation, User
from campaigns.planning.contact_review import accept_contact, reject_contact
from campaigns.settlement.books.check import breaches
from tests import factories
from tests.factories import NOW
from tests.tracking.test_contacts import LEADS, code_of

REASON = "she said she never meant to buy"
DAY = timedelta(days=1)


@dataclass
class Stage:
    """Mina and Noa, who are paid for contacts, and Omar who listens to the recordings."""

    session: Session
    mina: Participation
    noa: Participation
    omar: User

    def contact(self, **facts) -> Contact:
        told = {"code": code_of(self.mina), "external_id": "call-987654", "email": "dana@example.com", **facts}
        return factories.contact(self.session, shop=self.mina.campaign.shop, **told)

    def reject(self, contact: Contact, reason: str = REASON) -> Contact:
        key = factories.identity_key()
        return reject_contact(self.session, contact, self.omar.id, reason, "https://a.example", key, NOW)

    def accept(self, contact: Contact, who: Participation, reason: str = "the recording is genuine") -> Contact:
        key = factories.identity_key()
        return accept_contact(self.session, contact, who, self.omar.id, reason, "https://a.example", key, NOW)

    def earned(self, contact: Contact) -> int:
        return earned_by_contact(self.session, [contact.id]).get(contact.id, (0, 0))[0]

    def letters(self) -> dict[str, Mail]:
        return {mail.recipient: mail for mail in self.session.scalars(select(Mail).order_by(Mail.id))}


@pytest.fixture
def stage(session: Session) -> Stage:
    campaign = factories.live_campaign(session, accepted=2, terms={**factories.TERMS, "leads": LEADS})
    mina, noa = factories.participants(session, campaign)
    mina.influencer.language = noa.influencer.language = "en"
    return Stage(session, mina, noa, factories.user(session))


def test_a_rejected_contact_is_taken_back_and_its_influencer_reads_why(stage: Stage):
    contact = stage.reject(stage.contact())
    assert (contact.reason, contact.participation_id, stage.earned(contact)) == ("refused_by_hand", None, 0)
    letter = stage.letters()[stage.mina.influencer.email]
    assert REASON in letter.body and "•••54" in letter.body and "dana" not in letter.body
    assert f"https://a.example/me/campaigns/{stage.mina.public_id}" in letter.body
    assert breaches(stage.session) == []


def test_who_decided_what_is_in_the_audit_log_and_before_it_in_the_evidence(stage: Stage):
    contact = stage.reject(stage.contact())
    entry = stage.session.scalars(select(AuditEntry).filter_by(action="contact.rejected")).one()
    assert (entry.user_id, entry.subject) == (stage.omar.id, f"contact:{contact.public_id}")
    assert entry.details == {"reason": REASON, "to": None, "was": stage.mina.public_id}
    assert [one["reason"] for one in contact.evidence["earlier"]] == ["coupon"]


def test_the_rules_do_not_overrule_staff(stage: Stage):
    stage.reject(stage.contact())
    contact = stage.contact(status="closed", version=NOW + DAY)
    assert (contact.status, contact.reason, stage.earned(contact)) == ("closed", "refused_by_hand", 0)


def test_the_next_call_of_somebody_rejected_as_fake_is_not_paid_either(stage: Stage):
    stage.reject(stage.contact())
    again = stage.contact(external_id="c2", happened_at=NOW + DAY)
    assert (again.reason, stage.earned(again)) == ("refused_repeated", 0)


def test_accepted_for_another_both_are_told(stage: Stage):
    contact = stage.accept(stage.contact(), stage.noa)
    assert (contact.reason, contact.participation_id, stage.earned(contact)) == ("manual", stage.noa.id, 100)
    subjects = {mail.recipient: mail.subject for mail in stage.letters().values()}
    assert "now counts for you" in subjects[stage.noa.influencer.email]
    assert "does not count for you" in subjects[stage.mina.influencer.email]


def test_a_repeated_contact_that_staff_accept_is_paid(stage: Stage):
    stage.contact(external_id="c1")
    again = stage.contact(external_id="c2", happened_at=NOW + DAY)
    assert stage.earned(stage.accept(again, stage.mina)) == 100
    assert breaches(stage.session) == []


def test_the_same_decision_twice_is_made_once(stage: Stage):
    contact = stage.reject(stage.reject(stage.contact()))
    assert len(stage.session.scalars(select(LedgerTransaction).filter_by(contact_id=contact.id)).all()) == 2
    assert len(stage.session.scalars(select(AuditEntry).filter_by(action="contact.rejected")).all()) == 1


@pytest.mark.parametrize(
    ("facts", "why"), [({"status": "rejected"}, "the shop rejected"), ({"test": True}, "a test earns nothing")]
)
def test_what_nobody_may_accept(stage: Stage, facts, why: str):
    with pytest.raises(Conflict, match=why):
        stage.accept(stage.contact(**facts), stage.mina)


def test_only_terms_that_pay_for_contacts_let_one_be_accepted(stage: Stage):
    other = factories.live_campaign(stage.session, accepted=1, shop=stage.mina.campaign.shop)
    with pytest.raises(Conflict, match="pay nothing for contacts"):
        stage.accept(stage.contact(), factories.participants(stage.session, other)[0])


def test_neither_without_a_reason_nor_for_another_shop(stage: Stage):
    stranger = factories.participants(stage.session, factories.live_campaign(stage.session, accepted=1))[0]
    with pytest.raises(Invalid, match="reason"):
        stage.reject(stage.contact(), "  ")
    with pytest.raises(Invalid, match="another shop"):
        stage.accept(stage.contact(), stranger)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_is_in_the_influencer_s_language(stage: Stage, language: str):
    stage.mina.influencer.language = language
    stage.reject(stage.contact())
    (letter,) = stage.letters().values()
    assert letter.language == language
    assert ("Hello" in letter.body) == (language == "en")
