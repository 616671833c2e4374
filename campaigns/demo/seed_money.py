"""What stands between the books and the bank, for the demo data: so that every page of the console has something on it.

Of the closed campaign: a dispute that was answered and one that was resolved with 50.00, a batch of payments that one
colleague prepared and the other released, with a payment that failed and waits in the next batch; what the brand has
paid of its bill, and credit. Of the live one: a premium that is held, and the shop's own list with three differences.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.demo.seed_house import House
from campaigns.models import (
    Bill,
    Campaign,
    Contact,
    Finding,
    Order,
    Participation,
    Statement,
    User,
)
from campaigns.people.records import find_user
from campaigns.planning.audit import note
from campaigns.planning.rates import Rate, enter_rate
from campaigns.settlement.billing.bill_payments import record_payment, states_of
from campaigns.settlement.disputing import disputable
from campaigns.settlement.disputing.disputes import Resolution, answer, open_dispute, resolve
from campaigns.settlement.disputing.holds import hold
from campaigns.settlement.paying import payments, payouts, routes
from campaigns.settlement.reconciling import deciding
from campaigns.settlement.reconciling.exported import Export, ShopOrder
from campaigns.settlement.reconciling.reconciliation import our_orders, period_of, reconcile
from campaigns.settlement.statement_lines import credited_orders
from campaigns.settlement.wallets.offsets import grant_credit, offset

FAILED, WHY_FAILED = "yoav", "The account is closed."
COMPENSATION_MINOR, CREDIT_MINOR, OFFSET_MINOR, UNPAID_MINOR = 5_000, 10_000, 6_000, 20_000


def hold_an_order(session: Session, house: House, whose: Participation, now: datetime) -> None:
    """Their first order: its commission waits below the line of the statement."""
    order, _ = credited_orders(session, whose)[0]
    _hold(session, house, order, "The buyer asks for the money back; the shop is looking into it.", now)


def hold_a_premium(session: Session, house: House, contact: Contact, now: datetime) -> None:
    """A call that somebody wants to listen to first."""
    _hold(session, house, contact, "We want to hear the recording first.", now)


def settled(session: Session, house: House, campaign: Campaign, closed_at: datetime, now: datetime) -> None:
    """Everything that followed on the closing of a campaign, in the order of time."""
    _disputes(session, house, campaign, closed_at + timedelta(days=2))
    _first_batch(session, house, closed_at + timedelta(days=10))
    _brand_pays(session, house, campaign, closed_at + timedelta(days=20))
    entered = closed_at + timedelta(days=25)
    _rules(session, house, entered)
    batch = payouts.prepare(
        session, campaign.currency, house.agency, now.date(), now - timedelta(hours=3), house.colleague.id
    )
    note(session, house.colleague.id, "payout.prepared", f"document:{batch.document.public_id}", now)


def compared(session: Session, house: House, campaign: Campaign, now: datetime) -> None:
    """The shop's own list: an order we do not have, one that it does not have, one with another total."""
    listed = _list_of(session, campaign)
    missing = ShopOrder(
        1, "5999", "#5999", now - timedelta(days=1), "paid", "paid", campaign.currency, 21_240, lacks="the items"
    )
    listed = [*listed[:-1], missing]
    made = reconcile(session, campaign, Export("json", listed), b"the shop's list", house.staff.id, now)
    note(session, house.staff.id, "campaign.reconciled", f"campaign:{campaign.public_id}", now, file=made.sha256)
    differing = next(one for one in made.findings if one.kind == "amount_differs")
    _waive(session, house, differing, now)


def _hold(session: Session, house: House, cause: Order | Contact, reason: str, now: datetime) -> None:
    hold(session, cause, reason, house.staff.id, now)
    kind = "contact" if isinstance(cause, Contact) else "order"
    note(session, house.staff.id, "commission.held", f"{kind}:{cause.public_id}", now, reason=reason)


def _disputes(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    """Noa's, about an order, is answered; Layla's, about her statement, is resolved for her."""
    noa = _part(session, campaign, house, "noa")
    order, _ = credited_orders(session, noa)[0]
    user = _user(session, house, "noa")
    about = disputable.about_order(session, user, order.public_id)
    asked = open_dispute(session, user, about, "The buyer told me that she bought two sets.", at)
    answer(session, asked, house.staff, "The shop's list has one. We ask them again.", at + timedelta(days=1))
    layla = _user(session, house, "layla")
    mine = select(Statement).filter_by(influencer_id=house.influencers["layla"].id)
    paper = session.scalars(mine.order_by(Statement.id)).one().document.public_id
    words = "The discount for my followers did not work on the first day."
    doubt = open_dispute(session, layla, disputable.about_statement(session, layla, paper), words, at)
    how = Resolution("partner", "You are right, the code was entered a day late.", COMPENSATION_MINOR)
    resolve(session, doubt, house.staff.id, how, at + timedelta(days=3))
    for one in (asked, doubt):
        note(session, house.staff.id, "dispute.answered", f"dispute:{one.public_id}", at)


def _first_batch(session: Session, house: House, at: datetime) -> None:
    """Prepared by one, released by the other; all are paid but one."""
    pay_date = at.date() + timedelta(days=1)
    batch = payouts.prepare(session, "ILS", house.agency, pay_date, at, house.staff.id)
    payouts.release(session, batch, house.colleague.id, True, at + timedelta(hours=5))
    subject = f"document:{batch.document.public_id}"
    note(session, house.staff.id, "payout.prepared", subject, at)
    note(session, house.colleague.id, "payout.released", subject, at + timedelta(hours=5))
    known = at + timedelta(days=2)
    for place, line in enumerate(batch.lines):
        if line.influencer_id == house.influencers[FAILED].id:
            payments.mark_failed(session, line, WHY_FAILED, known, house.staff.id)
        else:
            payments.mark_paid(session, line, f"BANK-{place + 1:04}", pay_date, house.agency, known, house.staff.id)


def _brand_pays(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    """Credit of 100.00 for the brand, 60.00 of it set off against the bill; the rest is paid, but for 200.00."""
    bill = session.scalars(select(Bill).filter_by(campaign_id=campaign.id)).one()
    on = at.astimezone(ZoneInfo(campaign.timezone)).date()
    why = "The links stood still for an evening."
    grant_credit(session, house.brand, campaign.currency, CREDIT_MINOR, why, at)
    grant_credit(session, house.influencers["maya"], campaign.currency, CREDIT_MINOR // 4, why, at)
    offset(session, house.brand, bill.document, OFFSET_MINOR, house.agency, on, at)
    (state,) = states_of(session, [bill])
    record_payment(session, bill, state.open_minor - UNPAID_MINOR, on, "GLOW-7731", at)


def _rules(session: Session, house: House, at: datetime) -> None:
    """A rule of payment, and a rate of exchange of the month before."""
    asked = ("ILS", at.date(), 500_000, "receipt", "invoice", "Agreement with our accountant")
    routes.add_rule(session, *asked, at, house.staff.id)
    month = (at.date() - timedelta(days=30), at.date())
    enter_rate(session, Rate("USD", "ILS", *month, 3_650_000, "Bank of Israel"), house.staff.id, house.key, at)


def _list_of(session: Session, campaign: Campaign) -> list[ShopOrder]:
    """The shop's list as it would be, but that the first order's total has a parcel more."""
    ours = [one for one in our_orders(session, campaign.shop_id, period_of(campaign)) if not one.absent]
    return [
        ShopOrder(
            row=place + 2,
            external_id=one.external_id,
            number=one.number,
            placed_at=one.placed_at,
            status=one.status,
            raw_status=one.raw_status,
            currency=one.currency,
            total_minor=one.total_minor + (1_900 if place == 0 else 0),
            refunded_minor=one.refunded_minor,
        )
        for place, one in enumerate(ours)
    ]


def _waive(session: Session, house: House, finding: Finding, now: datetime) -> None:
    why = "The parcel was paid beside the order: no sale of ours."
    deciding.waive(session, finding, why, house.staff.id, now)
    note(session, house.staff.id, "finding.waived", f"finding:{finding.public_id}", now, reason=why)


def _part(session: Session, campaign: Campaign, house: House, handle: str) -> Participation:
    mine = select(Participation).filter_by(campaign_id=campaign.id, influencer_id=house.influencers[handle].id)
    return session.scalars(mine).one()


def _user(session: Session, house: House, handle: str) -> User:
    user = find_user(session, house.influencers[handle].email)
    assert user is not None  # every influencer has a sign-in
    return user
