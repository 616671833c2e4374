"""Wallets: what each party holds in each currency, and what of it may be paid out.

An influencer has what is pending (earned, on no statement), what is due (on a statement, not paid) and credit, which
may be offset against what they owe and is never paid out. Due is kept apart by brand, through the campaign that each
posting names: what one brand's refunds take back is set against what that brand's sales earn, never against
another's. A brand has what it owes and credit of its own, which may be offset against its bills.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import EARNING_KINDS, Leg, balance, balances_by_campaign
from campaigns.db import lock_name
from campaigns.models import BillPosting, Campaign, LedgerAccount, LedgerTransaction, Posting

INFLUENCER_KINDS = ("influencer_pending", "influencer_due", "influencer_credit")
BRAND_KINDS = ("brand_receivable", "brand_credit")
NO_BRAND = 0


@dataclass(frozen=True)
class InfluencerWallet:
    """One currency, minor units. `due` is by brand id; a negative amount is what they owe from that brand's refunds."""

    currency: str
    pending_minor: int
    due: dict[int, int]
    credit_minor: int

    @property
    def withdrawable_minor(self) -> int:
        """What a payout may take: of each brand what is due, and nothing less for what another one takes back."""
        return sum(amount for amount in self.due.values() if amount > 0)

    @property
    def owed_minor(self) -> int:
        """What they owe, over all brands; zero or more."""
        return -sum(amount for amount in self.due.values() if amount < 0)


@dataclass(frozen=True)
class BrandWallet:
    """One currency, minor units: what is on no bill yet, what is billed and not settled, and credit."""

    currency: str
    unbilled_minor: int
    billed_minor: int
    credit_minor: int


def hold_dues(session: Session) -> None:
    """Whoever decides on what is due or held back holds this until the transaction ends.

    One name for all: statements, payslips, payouts and offsets are few, and two names could be taken crosswise.
    """
    lock_name(session, "payout")


def due_by_brand(session: Session, influencer_id: int, currency: str) -> dict[int, int]:
    """brand id -> what is due to the influencer from its campaigns; negative where they owe, zeros are left out."""
    by_campaign = balances_by_campaign(session, "influencer_due", influencer_id, currency)
    brands = brand_of(session, [campaign for campaign in by_campaign if campaign is not None])
    due: dict[int, int] = defaultdict(int)
    for campaign, amount in by_campaign.items():
        due[NO_BRAND if campaign is None else brands[campaign]] -= amount
    return {brand: amount for brand, amount in sorted(_with_brands(due).items()) if amount}


def _with_brands(due: dict[int, int]) -> dict[int, int]:
    """Payouts and payslips of the first versions name no campaign: they are set against the brands in their order."""
    taken = -due.pop(NO_BRAND, 0)
    for brand in sorted(due):
        part = min(taken, max(0, due[brand]))
        due[brand] -= part
        taken -= part
    if taken:
        due[NO_BRAND] = -taken
    return due


def payable(session: Session, influencer_id: int, currency: str) -> dict[int, int]:
    """brand id -> what may be paid out: the brands whose due is positive. The amount of a payment is their sum."""
    return {brand: due for brand, due in due_by_brand(session, influencer_id, currency).items() if due > 0}


def payout_legs(session: Session, influencer_id: int, currency: str, amounts: Mapping[int, int]) -> dict[Leg, int]:
    """The debits for paying `amounts` (brand id -> minor units), each on a campaign of its brand.

    A brand's campaigns are paid in their order as far as each has something due; any rest goes on the last.
    """
    by_campaign = balances_by_campaign(session, "influencer_due", influencer_id, currency)
    due = {campaign: -amount for campaign, amount in by_campaign.items() if campaign is not None}
    brands = brand_of(session, due)
    legs: dict[Leg, int] = defaultdict(int)
    for brand, amount in amounts.items():
        left, campaigns = amount, [campaign for campaign in sorted(due) if brands[campaign] == brand]
        for campaign in campaigns:
            part = min(left, max(0, due[campaign]))
            legs[Leg("influencer_due", influencer_id, currency, campaign)] += part
            left -= part
        legs[Leg("influencer_due", influencer_id, currency, campaigns[-1] if campaigns else None)] += left
    return {leg: amount for leg, amount in legs.items() if amount}


def brand_of(session: Session, campaign_ids: Collection[int]) -> dict[int, int]:
    """campaign id -> brand id."""
    rows = session.execute(select(Campaign.id, Campaign.brand_id).where(Campaign.id.in_(campaign_ids)))
    return {campaign: brand for campaign, brand in rows}


def influencer_wallets(session: Session, influencer_id: int) -> list[InfluencerWallet]:
    """An influencer's wallet in every currency they ever had an account in."""
    return [
        InfluencerWallet(
            currency,
            -balance(session, "influencer_pending", influencer_id, currency),
            due_by_brand(session, influencer_id, currency),
            -balance(session, "influencer_credit", influencer_id, currency),
        )
        for currency in _currencies(session, INFLUENCER_KINDS, influencer_id)
    ]


def brand_wallets(session: Session, brand_id: int) -> list[BrandWallet]:
    """A brand's wallet in every currency it ever had an account in."""
    return [_brand_wallet(session, brand_id, currency) for currency in _currencies(session, BRAND_KINDS, brand_id)]


def _brand_wallet(session: Session, brand_id: int, currency: str) -> BrandWallet:
    owed = balance(session, "brand_receivable", brand_id, currency)
    unbilled = session.scalar(
        select(func.coalesce(func.sum(Posting.amount_minor), 0))
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(
            LedgerAccount.kind == "brand_receivable",
            LedgerAccount.owner_id == brand_id,
            LedgerAccount.currency == currency,
            LedgerTransaction.kind.in_(EARNING_KINDS),
            Posting.id.not_in(select(BillPosting.posting_id)),
        )
    )
    pending = int(unbilled or 0)
    return BrandWallet(currency, pending, owed - pending, -balance(session, "brand_credit", brand_id, currency))


def in_debt(session: Session) -> list[tuple[int, str, int, int]]:
    """(influencer id, currency, brand id, what they owe) wherever a brand's refunds came to more than its sales."""
    accounts = session.execute(
        select(LedgerAccount.owner_id, LedgerAccount.currency)
        .where(LedgerAccount.kind == "influencer_due")
        .order_by(LedgerAccount.owner_id, LedgerAccount.currency)
    )
    return [
        (influencer, currency, brand, -due)
        for influencer, currency in accounts.all()
        for brand, due in due_by_brand(session, influencer, currency).items()
        if due < 0
    ]


def _currencies(session: Session, kinds: tuple[str, ...], owner_id: int) -> list[str]:
    rows = select(LedgerAccount.currency).where(LedgerAccount.kind.in_(kinds), LedgerAccount.owner_id == owner_id)
    return list(session.scalars(rows.distinct().order_by(LedgerAccount.currency)))
