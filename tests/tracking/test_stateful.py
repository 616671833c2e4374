"""Whatever happens to a shop's orders, in whatever order it is told: the books say what a person with a pencil says.

Hypothesis makes up the stories from a seed that is printed (tests/faults/sizes.py); a failing one is shortened,
printed, and kept in .hypothesis to be tried first.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.db import begin_writing, db
from campaigns.models import Campaign, Delivery, LedgerAccount, LedgerTransaction, Order, Participation, Posting, Shop
from campaigns.planning import codes as planned_codes
from campaigns.planning.crediting import credit_by_hand
from campaigns.planning.participation import accept
from campaigns.planning.plans import offer_terms
from campaigns.settlement.books.check import breaches, breaches_of_orders
from campaigns.tracking import inbox
from campaigns.tracking.events import Envelope
from tests import factories
from tests.factories import NOW, identity_key
from tests.faults.sizes import seeded, told
from tests.tracking.one_shop import PIECE_MINOR, Books, Person, State, Told
from tests.tracking.platforms.payloads import shopify_line, shopify_order

LOCKING = {**factories.TERMS, "attribution": {"customer_lock_days": 60}, "influencer_rate_bps": 1015}
SECOND = timedelta(seconds=1)
MONEY_MINOR = st.sampled_from([1, 333, 2_500, 9_999, PIECE_MINOR])
PERSON = st.integers(0, 3)


class Story(RuleBasedStateMachine):
    """One shop's story, told to the product and to the model; it all happens in one transaction that is rolled back."""

    session: Session
    shop_id: int
    campaign_ids: tuple[int, int]
    user_id: int

    @initialize()
    def begin(self) -> None:
        """Two campaigns, the second with terms that lock buyers; two influencers in each."""
        begin_writing()
        self.shop = self.session.get_one(Shop, self.shop_id)
        self.shop_clock, self.our_clock = NOW, timedelta(0)
        self.numbers = count(1)
        self.taking_part: list[Participation] = []
        people = []
        for campaign_id in self.campaign_ids:
            campaign = self.session.get_one(Campaign, campaign_id)
            for one in factories.participants(self.session, campaign):
                terms = campaign.terms.body
                rates = (factories.BEFORE, terms["influencer_rate_bps"], terms["agency_rate_bps"])
                locks = "customer_lock_days" in terms["attribution"]
                people.append(Person(one.public_id, locks, {one.codes[-1].code: None}, [rates]))
                self.taking_part.append(one)
        self.books = Books(people)
        self.told: list[inbox.Arrival] = []
        self.held: list[tuple[Told, State]] = []
        for who in ([0], [2], []):  # one with a code, one of a buyer who is locked by it, and that buyer's next
            self.order(buyer=1 if who == [0] else 2, who=who, former=False, kind="paid", pieces=2)

    def teardown(self) -> None:
        if hasattr(self, "books"):
            self.tell_held()
            for campaign_id in self.campaign_ids:
                assert breaches_of_orders(self.session, campaign_id) == []
            outcomes = self.session.execute(select(Delivery.status, func.count()).group_by(Delivery.status)).all()
            assert [tuple(row) for row in outcomes] in ([], [("processed", len(self.told))])
        self.session.rollback()

    # What happens in the shop.

    @rule(
        buyer=st.integers(1, 3),
        who=st.lists(PERSON, max_size=2),
        former=st.booleans(),
        kind=st.sampled_from(["paid"] * 5 + ["pending", "dollars", "test"]),
        pieces=st.integers(1, 3),
    )
    def another_order(self, buyer: int, who: list[int], former: bool, kind: str, pieces: int) -> None:
        self.order(buyer, who, former, kind, pieces)

    def order(self, buyer: int, who: list[int], former: bool, kind: str, pieces: int) -> None:
        self.shop_clock += SECOND
        codes = [list(self.books.people[index].codes)[0 if former else -1] for index in who]
        order = Told(
            number=next(self.numbers),
            buyer=buyer,
            codes=tuple(codes),
            placed_at=self.shop_clock,
            currency="USD" if kind == "dollars" else "ILS",
            test=kind == "test",
            states=[State(1, pieces, paid=kind != "pending")],
        )
        self.books.orders.append(order)
        self.tell([(order, order.states[0])])

    def change(self, data: st.DataObject, **changes: Any) -> None:
        order = data.draw(st.sampled_from(self.books.orders))
        if "refund" in changes:
            refund = (next(self.numbers), changes.pop("refund"))
            changes["refunds"] = (*order.states[-1].refunds, refund)
        self.tell([(order, order.next(**changes))])

    @precondition(lambda self: self.books.orders)
    @rule(data=st.data(), pieces=st.integers(0, 4))
    def edit(self, data: st.DataObject, pieces: int) -> None:
        self.change(data, pieces=pieces)

    @precondition(lambda self: self.books.orders)
    @rule(data=st.data())
    def pay(self, data: st.DataObject) -> None:
        self.change(data, paid=True)

    @precondition(lambda self: self.books.orders)
    @rule(data=st.data(), amount=MONEY_MINOR)
    def give_back_a_part(self, data: st.DataObject, amount: int) -> None:
        self.change(data, refund=amount)

    @precondition(lambda self: self.books.orders)
    @rule(data=st.data())
    def give_back_more_than_there_was(self, data: st.DataObject) -> None:
        self.change(data, refund=5 * PIECE_MINOR)

    @precondition(lambda self: self.books.orders)
    @rule(data=st.data(), cancelled=st.booleans())
    def cancel_or_reinstate(self, data: st.DataObject, cancelled: bool) -> None:
        self.change(data, cancelled=cancelled)

    # What staff and influencers do, always by a clock that is right.

    @rule(who=PERSON, about_bps=st.sampled_from([500, 1333, 2000]))
    def accept_new_terms(self, who: int, about_bps: int) -> None:
        self.shop_clock += SECOND
        rate_bps = about_bps + next(self.numbers)  # nobody offers the terms that are in force
        participation, person = self.taking_part[who], self.books.people[who]
        campaign = participation.campaign
        offer_terms(self.session, campaign, {**campaign.terms.body, "influencer_rate_bps": rate_bps}, self.shop_clock)
        accept(self.session, participation, campaign.terms.version, "he", self.shop_clock, None)
        person.rates.append((self.shop_clock, rate_bps, campaign.terms.body["agency_rate_bps"]))

    @rule(who=PERSON)
    def end_a_code(self, who: int) -> None:
        self.shop_clock += SECOND
        participation, person = self.taking_part[who], self.books.people[who]
        new = planned_codes.replace_code(self.session, participation, self.shop_clock)
        person.codes = {code: ended or self.shop_clock for code, ended in person.codes.items()} | {new.code: None}

    @precondition(lambda self: self.creditable())
    @rule(data=st.data(), who=PERSON)
    def credit_by_hand(self, data: st.DataObject, who: int) -> None:
        told = data.draw(st.sampled_from(self.creditable()))
        self.shop_clock += SECOND
        order = self.session.scalars(select(Order).filter_by(external_id=str(told.number))).one()
        to, why = self.taking_part[who], f"they called, {next(self.numbers)}"
        credit_by_hand(self.session, order, to, self.user_id, why, "http://localhost", identity_key(), self.shop_clock)
        told.by_hand = self.books.people[who]

    def creditable(self) -> list[Told]:
        """Orders that are known here and that staff may credit."""
        return [one for one in self.books.orders if one.known and not one.test and one.currency == "ILS"]

    # What becomes of messages on their way.

    @rule()
    def hold_the_next_back(self) -> None:
        """The next change of an order is told late."""
        self.late = True

    late = False

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def tell_some_of_those_held_back(self, data: st.DataObject) -> None:
        some = data.draw(st.lists(st.sampled_from(self.held), min_size=1, unique_by=id))
        self.held = [one for one in self.held if one not in some]
        self.deliver(some)

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        again = data.draw(st.lists(st.sampled_from(self.told), min_size=1, max_size=3))
        assert self.keep(again) == [inbox.DUPLICATE] * len(again)

    @precondition(lambda self: any(one.delivered for one in self.books.orders))
    @rule(data=st.data())
    def tell_an_old_state_anew(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from([one for one in self.books.orders if one.delivered]))
        old = data.draw(st.sampled_from([one for one in order.states if one.version in order.delivered]))
        self.deliver([(order, old)])

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.told))
        row = self.session.scalars(select(Delivery).filter_by(delivery_id=one.envelope.delivery_id)).one()
        inbox.replay(self.session, row, identity_key(), self.now())

    @rule(minutes=st.sampled_from([-60, -1, 1, 60]))
    def our_clock_steps(self, minutes: int) -> None:
        self.our_clock += timedelta(minutes=minutes)

    def now(self) -> datetime:
        """What our clock says."""
        return self.shop_clock + self.our_clock

    def tell(self, news: Sequence[tuple[Told, State]]) -> None:
        if self.late:
            self.late = False
            self.held += news
        else:
            self.deliver(news)

    def tell_held(self) -> None:
        if self.held:
            self.deliver(self.held)
            self.held = []
            self.books_agree()

    def deliver(self, news: Sequence[tuple[Told, State]]) -> None:
        """Some news in one batch."""
        arrivals = [self.arrival(order, state) for order, state in news]
        assert self.keep(arrivals) == ["processed"] * len(arrivals)
        self.told += arrivals
        for order, state in news:
            order.delivered.add(state.version)

    def arrival(self, order: Told, state: State) -> inbox.Arrival:
        envelope = Envelope("orders/updated", f"d{next(self.numbers)}")
        return inbox.arrival(self.shop, envelope, json.dumps(body(order, state)).encode(), self.now())

    def keep(self, arrivals: Sequence[inbox.Arrival]) -> list[str]:
        self.session.flush()
        statuses = inbox.keep(self.session.connection(), arrivals, identity_key(), self.now())
        self.session.expire_all()
        return statuses

    @invariant()
    def books_agree(self) -> None:
        if hasattr(self, "books"):
            assert posted(self.session) == self.books.earned()


def body(order: Told, state: State) -> dict[str, Any]:
    """A state as Shopify tells it."""
    line = shopify_line(quantity=state.pieces, price="100.00", tax_lines=[], discount_allocations=[])
    codes = [{"code": code, "amount": "0.00", "type": "percentage"} for code in order.codes]
    applied = [{"type": "discount_code", "code": code} for code in order.codes]
    at = order.placed_at
    return shopify_order(
        id=order.number,
        name=f"#{order.number}",
        currency=order.currency,
        created_at=iso(at),
        updated_at=iso(at + state.version * SECOND),
        cancelled_at=iso(at) if state.cancelled else None,
        financial_status="paid" if state.paid else "pending",
        taxes_included=False,
        test=order.test,
        total_tax="0.00",
        line_items=[line],
        email=f"buyer{order.buyer}@example.com",
        customer={"id": order.buyer},
        discount_codes=codes,
        discount_applications=applied,
        refunds=[refund(number, amount) for number, amount in state.refunds],
    )


def refund(number: int, amount_minor: int) -> dict[str, Any]:
    """An amount given back of the one line."""
    subtotal = f"{amount_minor // 100}.{amount_minor % 100:02}"
    item = {"line_item_id": 11, "quantity": 1, "subtotal": subtotal, "total_tax": "0.00", "line_item": {"id": 11}}
    return {"id": number, "created_at": iso(NOW), "refund_line_items": [item], "transactions": []}


def posted(session: Session) -> dict[tuple[int, str], tuple[int, int]]:
    """(order, influencer) -> what the ledger says the two earn of it; without zeros."""
    rows = session.execute(
        select(Order.external_id, Participation.public_id, LedgerAccount.kind, func.sum(Posting.amount_minor))
        .join(LedgerTransaction, LedgerTransaction.order_id == Order.id)
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .join(Participation, Participation.id == Posting.participation_id)
        .group_by(Order.external_id, Participation.public_id, LedgerAccount.kind)
    )
    found: dict[tuple[int, str], dict[str, int]] = {}
    for number, person, kind, amount in rows:
        found.setdefault((int(number), person), {})[kind] = -int(amount)
    pairs = {key: (legs["influencer_pending"], legs["agency_income"]) for key, legs in found.items()}
    return {key: pair for key, pair in pairs.items() if pair != (0, 0)}


@pytest.mark.parametrize(
    ("stories", "steps"),
    [(20, 25), pytest.param(300, 50, marks=[pytest.mark.faults, pytest.mark.timeout(1800)])],
)
def test_the_books_agree_with_a_pencil_whatever_happens(session: Session, stories: int, steps: int) -> None:
    shop = factories.shop(session, platform="shopify")
    first = factories.live_campaign(session, shop=shop, accepted=2)
    second = factories.live_campaign(session, shop=shop, accepted=2, terms=LOCKING)
    ids, shop_id, user_id = (first.id, second.id), shop.id, factories.user(session).id
    session.commit()

    @seed(seeded().randrange(2**32))
    class ThisStory(Story):
        """Told to this database."""

    ThisStory.session, ThisStory.shop_id, ThisStory.campaign_ids, ThisStory.user_id = (
        db.session(),
        shop_id,
        ids,
        user_id,
    )
    run_state_machine_as_test(
        ThisStory,
        settings=settings(
            max_examples=stories,
            stateful_step_count=steps,
            deadline=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert breaches(db.session()) == []
    told("stories", stories, steps=steps)
