"""What a brand is charged and no bill has taken yet: the postings, and the lines they make on the next one.

A charge is one posting that a sale, or a contact under terms that pay for it, has put on the brand's account. Where the
partner collects the buyer's money, what they hold for the brand is a line too, with its own sign.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from campaigns.clock import iso
from campaigns.commissions.ledger import EARNING_KINDS
from campaigns.models import (
    AttributionDecision,
    BillPosting,
    Campaign,
    Contact,
    Influencer,
    LedgerAccount,
    LedgerTransaction,
    Order,
    Participation,
    Posting,
)
from campaigns.settlement.foreign import sale_told

AT_ONCE = 500
Key = tuple[int | None, int | None, int | None]  # order, contact, participation


@dataclass(frozen=True)
class Charge:
    """One posting on a brand's account, in minor units: of an accrual both shares, else what the partner collected."""

    posting_id: int
    kind: str
    key: Key
    amount_minor: int
    fee_minor: int

    @property
    def commission_minor(self) -> int:
        """The influencer's share in it."""
        return self.amount_minor - self.fee_minor if self.kind == "accrual" else 0

    @property
    def collected_minor(self) -> int:
        """What the partner has of the brand's money, negative; zero where the brand collects."""
        return 0 if self.kind == "accrual" else self.amount_minor


def charges() -> Select[Any]:
    """Every charge ever posted: posting, kind, order, contact, participation, amount, and the agency's fee in it."""
    sibling, account = aliased(Posting), aliased(LedgerAccount)
    fee = (
        select(func.coalesce(-func.sum(sibling.amount_minor), 0))
        .join(account, account.id == sibling.account_id)
        .where(
            sibling.transaction_id == Posting.transaction_id,
            sibling.campaign_id == Posting.campaign_id,
            sibling.participation_id == Posting.participation_id,
            account.kind == "agency_income",
        )
        .correlate(Posting)
        .scalar_subquery()
    )
    return (
        select(
            Posting.id,
            LedgerTransaction.kind,
            LedgerTransaction.order_id,
            LedgerTransaction.contact_id,
            Posting.participation_id,
            Posting.amount_minor,
            fee.label("fee_minor"),
        )
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerAccount.kind == "brand_receivable", LedgerTransaction.kind.in_(EARNING_KINDS))
        .order_by(Posting.id)
    )


def open_charges(session: Session, campaign: Campaign) -> list[Charge]:
    """The charges of a campaign that are on no bill, oldest first."""
    mine = charges().where(
        Posting.campaign_id == campaign.id,
        LedgerAccount.owner_id == campaign.brand_id,
        LedgerAccount.currency == campaign.currency,
        Posting.id.not_in(select(BillPosting.posting_id)),
    )
    return [
        Charge(posting, kind, (order, contact, person), amount, int(fee))
        for posting, kind, order, contact, person, amount, fee in session.execute(mine)
    ]


def itemised(session: Session, campaign: Campaign, taken: Sequence[Charge]) -> list[dict[str, Any]]:
    """A line per order, or contact, and influencer, by time; those whose postings cancel out are left out."""
    sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])
    for charge in taken:
        parts = (charge.commission_minor, charge.fee_minor, charge.collected_minor)
        sums[charge.key] = [one + more for one, more in zip(sums[charge.key], parts, strict=True)]
    kept = {key: amounts for key, amounts in sums.items() if any(amounts)}
    facts, names, before = _facts(session, campaign, kept), _names(session, campaign), _billed_before(session, campaign)
    lines = [
        {
            **facts[key],
            "kind": "bill_adjustment" if key in before else facts[key]["kind"],
            "influencer": names[key[2]],
            "commission_minor": commission,
            "agency_fee_minor": fee,
            "charge_minor": commission + fee,
            "collected_minor": collected,
        }
        for key, (commission, fee, collected) in kept.items()
    ]
    return sorted(lines, key=lambda line: (line["placed_at"], line["order_number"], line["influencer"]))


def _facts(session: Session, campaign: Campaign, keys: Iterable[Key]) -> dict[Key, dict[str, Any]]:
    wanted = list(keys)
    orders = {order.id: order for order in _some(session, Order, {key[0] for key in wanted})}
    contacts = {contact.id: contact for contact in _some(session, Contact, {key[1] for key in wanted})}
    reasons = _decisions(session, orders)
    found = {}
    for order_id, contact_id, person in wanted:
        if order_id is not None:
            told = _of_order(orders[order_id], reasons.get((order_id, person)), campaign.currency)
        else:
            told = _of_contact(contacts[contact_id or 0])
        found[order_id, contact_id, person] = told
    return found


def _of_order(order: Order, decision: AttributionDecision | None, currency: str) -> dict[str, Any]:
    return {"kind": "order", **sale_told(order, decision, currency)}


def _of_contact(contact: Contact) -> dict[str, Any]:
    return {
        "kind": "contact",
        "order_number": contact.external_id,
        "placed_at": iso(contact.happened_at),
        "reason": contact.reason,
        "net_minor": 0,
        "refunded_minor": 0,
        "foreign": None,
    }


def _some(session: Session, model: Any, ids: Iterable[int | None]) -> Iterator[Any]:
    """The rows by id, some hundred asked for at a time."""
    wanted = sorted(one for one in ids if one is not None)
    for begin in range(0, len(wanted), AT_ONCE):
        yield from session.scalars(select(model).where(model.id.in_(wanted[begin : begin + AT_ONCE])))


def _decisions(session: Session, order_ids: Iterable[int]) -> dict[tuple[int, int | None], AttributionDecision]:
    """(order, participation) -> the newest decision that credited it so, superseded or not."""
    wanted, found = sorted(order_ids), {}
    for begin in range(0, len(wanted), AT_ONCE):
        rows = select(AttributionDecision).where(
            AttributionDecision.order_id.in_(wanted[begin : begin + AT_ONCE]),
            AttributionDecision.participation_id.is_not(None),
        )
        for decision in session.scalars(rows.order_by(AttributionDecision.id)):
            found[decision.order_id, decision.participation_id] = decision
    return found


def _names(session: Session, campaign: Campaign) -> dict[int | None, str]:
    rows = session.execute(
        select(Participation.id, Influencer.name)
        .join(Influencer, Influencer.id == Participation.influencer_id)
        .where(Participation.campaign_id == campaign.id)
    )
    return {person: name for person, name in rows}


def _billed_before(session: Session, campaign: Campaign) -> set[Key]:
    rows = session.execute(
        select(LedgerTransaction.order_id, LedgerTransaction.contact_id, Posting.participation_id)
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(BillPosting, BillPosting.posting_id == Posting.id)
        .where(Posting.campaign_id == campaign.id)
        .distinct()
    )
    return {(order, contact, person) for order, contact, person in rows}
