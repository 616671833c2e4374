"""Whatever happens to orders, terms, holds, papers and payments, in whatever order: the money is what a pencil says.

Hypothesis makes up the stories from a seed that is printed (tests/faults/sizes.py); a failing one is shortened,
printed, and kept in .hypothesis to be tried first.
"""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import db
from campaigns.documents.issue import contents_of
from campaigns.models import Bill, Brand, Dispute, Influencer, Participation, PayoutBatch, PayoutLine, Statement, User
from campaigns.models import Campaign as CampaignRow
from campaigns.planning import life
from campaigns.planning.participation import accept
from campaigns.planning.plans import offer_terms
from campaigns.settlement.billing.bill_payments import record_payment
from campaigns.settlement.billing.bills import issue_bill
from campaigns.settlement.close import close
from campaigns.settlement.disputing import disputable, disputes, holds
from campaigns.settlement.disputing.disputes import Resolution
from campaigns.settlement.follow_up import follow_up
from campaigns.settlement.paying import payments, payouts
from campaigns.settlement.wallets.offsets import grant_credit, offset
from tests.faults.sizes import seeded, told
from tests.settlement import pencil
from tests.settlement.money_story import BRAND, MONEY_MINOR, OrdersStory
from tests.settlement.two_brands import CAST, LENGTH, plan, set_up, terms_of

MOST_CAMPAIGNS = 3  # of a brand in one story: the fourth shows nothing that the third didn't


class MoneyStory(OrdersStory):
    """Terms, papers and payments. Each rule is told to both."""

    @initialize(
        sold=st.lists(MONEY_MINOR, min_size=4, max_size=4),
        closed=st.sampled_from([(), ("Amber",), ("Amber", "Cobalt")]),
        bank=st.sampled_from(["", "prepared", "paid", "paid", "returned"]),
    )
    def begin(self, sold: list[int], closed: tuple[str, ...], bank: str) -> None:
        """Some begin with campaigns closed and their payments prepared, made, or made for what then came back."""
        self.start(sold)
        for brand in closed:
            self.close(self.newest(brand), 14)
        if bank and self.pencil.payable(self.stage.people):
            batch = self.make_batch(0)
            if bank != "prepared":
                self.let_go(batch, 1)
                for line in batch.lines:
                    self.answer(line, paid=True)
        if bank == "returned":
            for order in self.pencil.orders:
                if order.is_stated and order.taker is not None:
                    self.send_back(order, order.taker)

    def send_back(self, order: pencil.Order, taker: pencil.Taker) -> None:
        """All of an order comes back after its commission was stated, and that is stated too."""
        self.move_on(order, refund=50_000)
        self.tell([(order, order.states[-1])])
        self.state(taker.campaign)

    def newest(self, brand: str) -> pencil.Campaign:
        return [one for one in self.pencil.campaigns if one.brand == brand][-1]

    # Terms, by a clock that is right.

    @rule(brand=BRAND, about_bps=st.sampled_from([500, 1_333, 2_000]), who=st.sampled_from([(0,), (1,), (0, 1)]))
    def accept_new_terms(self, brand: str, about_bps: int, who: tuple[int, ...]) -> None:
        campaign = self.newest(brand)
        if campaign.closed:
            return
        row = self.session.get_one(CampaignRow, self.ids[campaign])
        rate_bps, fee_bps = about_bps + next(self.numbers), about_bps // 5  # nobody offers the terms in force
        terms = {**row.terms.body, "influencer_rate_bps": rate_bps, "agency_rate_bps": fee_bps}
        offer_terms(self.session, row, terms, self.tick())
        for taker in (campaign.takers[place] for place in who):
            person = self.session.get_one(Participation, self.ids[taker])
            accept(self.session, person, row.terms.version, "he", self.clock, None)
            taker.accepted.append((self.clock, terms_of(taker.who, rate_bps, fee_bps)))
        self.tally["new terms"] += 1

    # Campaigns and statements.

    @rule(brand=BRAND, days=st.sampled_from([0, 14]))
    def close_or_begin(self, brand: str, days: int) -> None:
        """Close a campaign that sold anything, after its end; where it is closed, begin the next, up to three."""
        last = self.newest(brand)
        if not last.closed:
            if any(order.taker is not None and order.taker.campaign is last for order in self.pencil.orders):
                self.close(last, days)
            return
        if [one.brand for one in self.pencil.campaigns].count(brand) == MOST_CAMPAIGNS:
            return
        begins = self.tick()
        self.write_campaign(brand, plan(self.session, self.stage, brand, begins, begins + LENGTH, begins))

    def close(self, last: pencil.Campaign, days: int) -> None:
        self.clock = max(self.tick(), last.ends_at + timedelta(days=days, hours=1))
        row = self.session.get_one(CampaignRow, self.ids[last])
        life.advance(self.session, row, self.now)
        report = contents_of(close(self.session, row, self.agency, self.today, self.now, None, "what is open is known"))
        last.closed = True
        totals = report["totals"]
        assert (totals["commission_minor"], totals["agency_fee_minor"]) == self.pencil.totals(last)
        stated = [self.pencil.state(taker) for taker in last.takers]
        rows = self.session.scalars(select(Statement).filter_by(campaign_id=row.id).order_by(Statement.id)).all()
        for made, expected in zip(rows, stated, strict=True):
            self.statement_agrees(made, expected)
        billed = self.session.scalar(select(Bill).filter_by(campaign_id=row.id).order_by(Bill.id.desc()).limit(1))
        expected_bill = self.pencil.bill(last)
        self.bill_agrees(billed if expected_bill else None, expected_bill)
        self.tally["closings"] += 1

    def waiting(self, campaign: pencil.Campaign) -> list[pencil.Taker]:
        def waits(who: str) -> bool:
            return bool(self.pencil.waiting(who, campaign.brand) or self.pencil.promised(who, campaign.brand))

        return [one for one in campaign.takers if waits(one.who)]

    @precondition(lambda self: any(self.waiting(one) for one in self.pencil.campaigns))
    @rule(data=st.data())
    def follow_up(self, data: st.DataObject) -> None:
        self.state(data.draw(st.sampled_from([one for one in self.pencil.campaigns if one.closed])))

    def state(self, campaign: pencil.Campaign) -> None:
        people = [self.session.get_one(Participation, self.ids[taker]) for taker in campaign.takers]
        row = self.session.get_one(CampaignRow, self.ids[campaign])
        waiting = self.waiting(campaign)
        made: list[Statement] = []
        with self.allowed(bool(waiting)):
            made = follow_up(self.session, row, people, self.agency, self.today, self.now)
        for statement, taker in zip(made, waiting, strict=True):
            self.statement_agrees(statement, self.pencil.state(taker))
            self.tally["follow-ups"] += 1

    @rule(data=st.data())
    def bill(self, data: st.DataObject) -> None:
        campaign = data.draw(st.sampled_from(self.pencil.campaigns))
        row = self.session.get_one(CampaignRow, self.ids[campaign])
        self.bill_agrees(issue_bill(self.session, row, self.agency, self.today, self.now), self.pencil.bill(campaign))

    # What is kept back, and what is in doubt.

    @rule(data=st.data())
    def hold(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from([one for one in self.pencil.orders if one.told]))
        with self.allowed(not order.hold and not order.is_stated):
            holds.hold(self.session, self.row_of(order), "a doubt of ours", None, self.now)
            order.hold = "staff"
            self.tally["holds"] += 1

    @precondition(lambda self: any(one.hold for one in self.pencil.orders))
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        order = data.draw(st.sampled_from([one for one in self.pencil.orders if one.hold]))
        holds.release(self.session, self.row_of(order), "no doubt is left", None, self.now)
        order.hold = ""

    def credited(self) -> list[pencil.Order]:
        return [one for one in self.pencil.orders if one.is_credited]

    @precondition(lambda self: self.credited())
    @rule(data=st.data(), by=st.sampled_from(["influencer", "brand"]))
    def dispute(self, data: st.DataObject, by: str) -> None:
        order = data.draw(st.sampled_from(self.credited()))
        assert order.taker is not None
        user = self.session.get_one(User, self.stage.users[order.taker.who if by == "influencer" else order.brand])
        about = disputable.about_order(self.session, user, self.row_of(order).public_id)
        expected = self.pencil.dispute(order, by)
        with self.allowed(expected is not None):
            row = disputes.open_dispute(self.session, user, about, "Why is it so little?", self.now)
            assert expected is not None
            self.ids[expected] = row.id
            self.tally["disputes"] += 1

    def unresolved(self) -> list[pencil.Dispute]:
        return [one for one in self.pencil.disputes if not one.resolved]

    @precondition(lambda self: self.unresolved())
    @rule(data=st.data(), amount=st.sampled_from([0, 1, 777, 5_000]), as_credit=st.booleans())
    def resolve(self, data: st.DataObject, amount: int, as_credit: bool) -> None:
        dispute = data.draw(st.sampled_from(self.unresolved()))
        place = "credit" if as_credit or dispute.by == "brand" else "due"
        how = Resolution("partner" if amount else "agency", "So it is.", amount, place)
        row = self.session.get_one(Dispute, self.ids[dispute])
        disputes.resolve(self.session, row, self.stage.staff[0], how, self.now)
        self.pencil.resolve(dispute, amount, as_credit)
        self.tally["compensations"] += amount > 0

    # Payments.

    @precondition(lambda self: self.pencil.payable(self.stage.people))
    @rule(data=st.data(), by=st.integers(0, 1), how_far=st.sampled_from([0, 0, 1, 2]))
    def prepare(self, data: st.DataObject, by: int, how_far: int) -> None:
        """Some batches are released at once, and some of these answered, each line by itself."""
        batch = self.make_batch(by)
        if how_far:
            self.let_go(batch, 1 - by)
        for line in batch.lines if how_far == 2 else []:
            self.answer(line, data.draw(st.sampled_from([True, True, False])))

    def make_batch(self, by: int) -> pencil.Batch:
        expected = self.pencil.payable(self.stage.people)
        row = payouts.prepare(self.session, "ILS", self.agency, self.today, self.now, self.stage.staff[by])
        for line, made in zip(expected, row.lines, strict=True):
            assert (made.influencer_id, made.amount_minor) == (self.stage.people[line.who], line.amount_minor)
            assert payouts.parts_of(made) == {self.stage.brands[brand]: part for brand, part in line.parts.items()}
            assert sorted(made.statement_ids) == sorted(self.ids[one] for one in line.statements)
            self.ids[line] = made.id
        batch = pencil.Batch(expected, by)
        self.pencil.batches.append(batch)
        self.ids[batch] = row.id
        return batch

    def prepared(self) -> list[pencil.Batch]:
        return [one for one in self.pencil.batches if one.status == "prepared"]

    @precondition(lambda self: self.prepared())
    @rule(data=st.data(), by=st.integers(0, 1), returned=st.sampled_from([True, True, False]))
    def release_payments(self, data: st.DataObject, by: int, returned: bool) -> None:
        """Not by who prepared them, and not where less is due by now, as after a refund that is stated."""
        batch = data.draw(st.sampled_from(self.prepared()))
        people = {line.who for line in batch.lines}
        sold = [one for one in self.pencil.orders if one.is_stated and one.posted[0] and one.taker and not one.hold]
        theirs = [one for one in sold if one.taker and one.taker.who in people]
        if returned and theirs:
            order = data.draw(st.sampled_from(theirs))
            assert order.taker is not None
            self.send_back(order, order.taker)
        self.let_go(batch, by)

    def let_go(self, batch: pencil.Batch, by: int) -> None:
        row = self.session.get_one(PayoutBatch, self.ids[batch])
        due = {line: self.pencil.still_due(line) for line in batch.lines}
        allowed = by != batch.by and any(due.values())
        with self.allowed(allowed):
            payouts.release(self.session, row, self.stage.staff[by], True, self.now)
        if allowed:
            for line, still in due.items():
                line.status = "released" if still else "cancelled"
                self.tally["left out"] += not still

    @precondition(lambda self: self.prepared())
    @rule(data=st.data())
    def cancel_payments(self, data: st.DataObject) -> None:
        batch = data.draw(st.sampled_from(self.prepared()))
        payouts.cancel(self.session, self.session.get_one(PayoutBatch, self.ids[batch]))
        for line in batch.lines:
            line.status = "cancelled"

    @precondition(lambda self: self.pencil.lines("released"))
    @rule(data=st.data(), paid=st.sampled_from([True, True, False]))
    def bank_answers(self, data: st.DataObject, paid: bool) -> None:
        self.answer(data.draw(st.sampled_from(self.pencil.lines("released"))), paid)

    def answer(self, line: pencil.Line, paid: bool) -> None:
        row = self.session.get_one(PayoutLine, self.ids[line])
        if paid:
            payments.mark_paid(self.session, row, "", self.today, self.agency, self.now, None)
            self.pencil.pay(line)
        else:
            assert payments.mark_failed(self.session, row, "no such account", self.now, None) == "failed"
            line.status = "failed"
        self.tally["paid" if paid else "failed"] += 1

    @precondition(lambda self: self.pencil.lines("paid"))
    @rule(data=st.data())
    def bank_sends_back(self, data: st.DataObject) -> None:
        line = data.draw(st.sampled_from(self.pencil.lines("paid")))
        row = self.session.get_one(PayoutLine, self.ids[line])
        assert payments.mark_failed(self.session, row, "the account is closed", self.now, None) == "returned"
        self.pencil.pay(line, -1)
        self.tally["sent back"] += 1

    # What brands pay, and credit.

    @precondition(lambda self: self.pencil.bills)
    @rule(data=st.data(), whole=st.booleans(), amount=MONEY_MINOR)
    def brand_pays(self, data: st.DataObject, whole: bool, amount: int) -> None:
        bill = data.draw(st.sampled_from(self.pencil.bills))
        paid = bill.open_minor if whole else amount
        row = self.session.get_one(Bill, self.ids[bill])
        with self.allowed(0 < paid <= bill.open_minor):
            record_payment(self.session, row, paid, self.today, f"transfer {next(self.numbers)}", self.now)
            bill.settled_minor += paid
            self.pencil.bank_minor += paid

    def party(self, name: str) -> Brand | Influencer:
        if name in CAST:
            return self.session.get_one(Brand, self.stage.brands[name])
        return self.session.get_one(Influencer, self.stage.people[name])

    @rule(name=st.sampled_from(["Amber", "Cobalt", "Mina", "Noa", "Lior"]), amount=MONEY_MINOR)
    def credit(self, name: str, amount: int) -> None:
        self.grant_credit(name, amount)

    def grant_credit(self, name: str, amount: int) -> None:
        grant_credit(self.session, self.party(name), "ILS", amount, "for their patience", self.now)
        self.pencil.credit[name] += amount
        self.pencil.given_minor += amount

    @precondition(lambda self: self.pencil.bills)
    @rule(data=st.data(), more=st.sampled_from([0, 0, 1, None]), amount=MONEY_MINOR)
    def offset_against_a_bill(self, data: st.DataObject, more: int | None, amount: int) -> None:
        """As much as there is room for, one unit more, or any amount."""
        bill = data.draw(st.sampled_from(self.pencil.bills))
        brand = bill.campaign.brand
        room = min(bill.open_minor, self.pencil.receivable(brand), self.pencil.credit[brand])
        asked = amount if more is None else room + more
        document = self.session.get_one(Bill, self.ids[bill]).document
        with self.allowed(0 < asked <= room):
            offset(self.session, self.party(brand), document, asked, self.agency, self.today, self.now)
            bill.settled_minor += asked
            self.pencil.credit[brand] -= asked
            self.tally["offsets of brands"] += 1

    def of_debtors(self) -> list[pencil.Statement]:
        """Statements of influencers who owe the brand something."""
        owe = {debtor for debtor, due in self.pencil.due.items() if due < 0}
        return [one for one in self.pencil.statements if (one.taker.who, one.taker.campaign.brand) in owe]

    @precondition(lambda self: self.of_debtors())
    @rule(data=st.data(), more=st.sampled_from([0, 0, 1, None]), amount=MONEY_MINOR)
    def offset_against_a_statement(self, data: st.DataObject, more: int | None, amount: int) -> None:
        statement = data.draw(st.sampled_from(self.of_debtors()))
        who, brand = statement.taker.who, statement.taker.campaign.brand
        self.grant_credit(who, amount)
        room = min(-self.pencil.due[who, brand], self.pencil.credit[who])
        asked = amount if more is None else room + more
        document = self.session.get_one(Statement, self.ids[statement]).document
        with self.allowed(0 < asked <= room and not self.pencil.under_way(who)):
            offset(self.session, self.party(who), document, asked, self.agency, self.today, self.now)
            self.pencil.due[who, brand] += asked
            self.pencil.credit[who] -= asked
            self.tally["offsets of influencers"] += 1


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("database_url", "stories", "steps"),
    [  # PostgreSQL takes twice as long for a story
        ("sqlite", 300, 50),
        ("postgresql", 100, 50),
        pytest.param("postgresql", 300, 50, marks=pytest.mark.faults),
    ],
    indirect=["database_url"],
)
def test_the_money_is_what_a_pencil_says_whatever_happens(session: Session, stories: int, steps: int) -> None:
    stage = set_up(session)

    @seed(seeded().randrange(2**32))
    class ThisStory(MoneyStory):
        """Told to this database."""

    ThisStory.session, ThisStory.stage, ThisStory.tally = db.session(), stage, Counter()
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
    told(
        "stories", stories, steps=steps, **{name.replace(" ", "_"): figure for name, figure in ThisStory.tally.items()}
    )
