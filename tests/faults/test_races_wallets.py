"""Two resolutions, two offsets, two follow-ups, a hold while a statement is issued. Each lock is taken away once."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import balance
from campaigns.db import begin_writing, db
from campaigns.models import Campaign, Contact, Dispute, Document, Influencer, Order, Participation
from campaigns.settlement.books.check import breaches
from campaigns.settlement.disputing.disputes import Resolution, resolve
from campaigns.settlement.disputing.holds import hold
from campaigns.settlement.follow_up import follow_up
from campaigns.settlement.wallets.offsets import offset
from tests import factories
from tests.faults.race import at_once, kinds, some_time, without_locks
from tests.settlement.owed import LATER, agency, end, mina_at, sell
from tests.settlement.test_disputes import asked
from tests.settlement.test_wallets import in_debt_with_credit
from tests.tracking.test_contacts import LEADS, code_of


def resolving(dispute_id: int, user_id: int) -> Callable[[], None]:
    def deed() -> None:
        dispute = db.session.get_one(Dispute, dispute_id)
        resolve(db.session(), dispute, user_id, Resolution("partner", "Yes.", 500), LATER)
        db.session.commit()

    return deed


def a_dispute(session: Session) -> tuple[int, int]:
    _, _, dispute = asked(session)
    ids = dispute.id, factories.user(session).id
    session.commit()
    return ids


def given(session: Session) -> int:
    begin_writing()
    return balance(session, "compensation_expense", 0, "ILS")


def test_of_two_resolutions_at_once_one_is_refused_and_compensation_is_given_once(app: Flask, session: Session) -> None:
    ids = a_dispute(session)
    assert kinds(at_once(app, [resolving(*ids)] * 2)) == ["Conflict", "ok"]
    assert given(session) == 500
    assert breaches(session) == []


def test_without_locks_a_dispute_is_resolved_twice(app: Flask, session: Session) -> None:
    ids = a_dispute(session)
    with without_locks(db.engine):
        assert kinds(at_once(app, [resolving(*ids)] * 2)) != ["Conflict", "ok"]


def offsetting(influencer_id: int, document_id: int) -> Callable[[], None]:
    def deed() -> None:
        mina, paper = db.session.get_one(Influencer, influencer_id), db.session.get_one(Document, document_id)
        offset(db.session(), mina, paper, 1_500, agency(), LATER.date(), LATER)
        db.session.commit()

    return deed


def a_debt(session: Session) -> tuple[int, int]:
    """15.00 owed, 20.00 credit."""
    mina, owed = in_debt_with_credit(session)
    ids = mina.id, owed.document_id
    session.commit()
    return ids


def test_of_two_offsets_at_once_one_is_refused(app: Flask, session: Session) -> None:
    ids = a_debt(session)
    assert kinds(at_once(app, [offsetting(*ids)] * 2)) == ["Conflict", "ok"]
    begin_writing()
    assert balance(session, "influencer_credit", ids[0], "ILS") == -500
    assert breaches(session) == []


def test_without_locks_two_offsets_at_once_are_not_told_apart(app: Flask, session: Session) -> None:
    ids = a_debt(session)
    with without_locks(db.engine):
        assert kinds(at_once(app, [offsetting(*ids)] * 2)) != ["Conflict", "ok"]


def following_up(participation_id: int) -> Callable[[], None]:
    def deed() -> None:
        mina = db.session.get_one(Participation, participation_id)
        campaign = db.session.get_one(Campaign, mina.campaign_id)
        follow_up(db.session(), campaign, [mina], agency(), LATER.date(), LATER)
        db.session.commit()

    return deed


def holding(kind: type[Order] | type[Contact], number: int) -> Callable[[], None]:
    def deed() -> None:
        hold(db.session(), db.session.get_one(kind, number), "a doubt", None, LATER)
        db.session.commit()

    return deed


def something_open(session: Session) -> tuple[int, int]:
    """A closed campaign, and an order that came later."""
    mina = mina_at(session)
    end(session, mina.campaign)
    ids = mina.id, sell(session, mina).id
    session.commit()
    return ids


def test_of_two_follow_ups_at_once_one_finds_nothing(app: Flask, session: Session) -> None:
    mina, _ = something_open(session)
    assert kinds(at_once(app, [following_up(mina)] * 2)) == ["Conflict", "ok"]
    begin_writing()
    assert breaches(session) == []


def test_without_locks_two_follow_ups_at_once_are_not_told_apart(app: Flask, session: Session) -> None:
    mina, _ = something_open(session)
    with without_locks(db.engine):
        assert kinds(at_once(app, [following_up(mina)] * 2)) != ["Conflict", "ok"]


def test_of_a_hold_and_a_statement_at_once_one_is_refused(app: Flask, session: Session) -> None:
    """Whichever comes second: nothing is open for the statement, or all is stated for the hold."""
    mina, order = something_open(session)
    assert kinds(at_once(app, [following_up(mina), holding(Order, order)])) == ["Conflict", "ok"]
    begin_writing()
    assert breaches(session) == []


def test_without_locks_a_hold_and_a_statement_pass_each_other(app: Flask, session: Session) -> None:
    def passed_each_other() -> bool:
        mina, order = something_open(session)
        with without_locks(db.engine):
            return kinds(at_once(app, [following_up(mina), holding(Order, order)])) != ["Conflict", "ok"]

    assert some_time(passed_each_other)


def a_call_open(session: Session) -> tuple[int, int]:
    """A closed campaign, and a call that was told later."""
    campaign = factories.live_campaign(session, accepted=1, terms={**factories.TERMS, "leads": LEADS})
    mina = factories.participants(session, campaign)[0]
    end(session, campaign)
    ids = mina.id, factories.contact(session, shop=campaign.shop, code=code_of(mina), seconds=20).id
    session.commit()
    return ids


def test_of_a_hold_of_a_call_and_a_statement_at_once_one_is_refused(app: Flask, session: Session) -> None:
    mina, call = a_call_open(session)
    assert kinds(at_once(app, [following_up(mina), holding(Contact, call)])) == ["Conflict", "ok"]
    begin_writing()
    assert breaches(session) == []


def test_without_locks_a_hold_of_a_call_and_a_statement_pass_each_other(app: Flask, session: Session) -> None:
    def passed_each_other() -> bool:
        mina, call = a_call_open(session)
        with without_locks(db.engine):
            return kinds(at_once(app, [following_up(mina), holding(Contact, call)])) != ["Conflict", "ok"]

    assert some_time(passed_each_other)


def test_of_two_holds_of_a_call_at_once_one_is_refused(app: Flask, session: Session) -> None:
    _, call = a_call_open(session)
    assert kinds(at_once(app, [holding(Contact, call)] * 2)) == ["Conflict", "ok"]
