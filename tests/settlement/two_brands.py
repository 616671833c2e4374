"""The stage of the money story: two brands with a shop and a campaign each, three influencers, and how it is read.

Mina is in both brands' campaigns. Noa's rate grows to 20 % from 250.00 on; Lior has 10.00 with his third order, and
never more than 60.00 of one campaign.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Campaign as CampaignRow
from campaigns.models import Influencer, LedgerAccount, LedgerTransaction, Order, Participation, Posting, Shop
from campaigns.planning import life
from campaigns.tracking.events import Customer, Line, OrderSnapshot, Refund, RefundLine, ShopEvent
from campaigns.tracking.orders import Taking
from tests import factories
from tests.settlement import pencil

CAST = {"Amber": ("Mina", "Noa"), "Cobalt": ("Mina", "Lior")}
RATES = {"Amber": (1_500, 300), "Cobalt": (1_237, 275)}
OWN: dict[str, dict[str, Any]] = {
    "Noa": {"tiers": [{"from_sales_minor": 25_000, "rate_bps": 2_000}]},
    "Lior": {"bonus": [{"at_orders": 3, "amount_minor": 1_000}], "cap_minor": 6_000},
}
SECOND = timedelta(seconds=1)
LENGTH = timedelta(days=10)
OWED_TO_US = ("brand_receivable", "bank_clearing", "compensation_expense")


class Stage(NamedTuple):
    """Ids by name; `users` of brands and influencers, `staff` two of the agency, `campaigns` each brand's first."""

    brands: dict[str, int]
    shops: dict[str, int]
    people: dict[str, int]
    users: dict[str, int]
    staff: tuple[int, int]
    campaigns: dict[str, int]


def set_up(session: Session) -> Stage:
    """Everything that is there before a story begins."""
    people = {name: factories.influencer(session, name=name) for name in ("Mina", "Noa", "Lior")}
    brands = {name: factories.brand(session, name=name) for name in CAST}
    shops = {
        name: factories.shop(session, brand=brand, domain=f"{name.lower()}.example.com")
        for name, brand in brands.items()
    }
    users = {name: factories.user(session, brand=brand) for name, brand in brands.items()}
    users |= {name: factories.user(session, influencer=person) for name, person in people.items()}
    staff = (factories.user(session).id, factories.user(session).id)
    stage = Stage(_ids(brands), _ids(shops), _ids(people), _ids(users), staff, {})
    for brand in CAST:
        row = plan(session, stage, brand, factories.START, factories.END, factories.BEFORE)
        life.advance(session, row, factories.NOW)
        stage.campaigns[brand] = row.id
    session.commit()
    return stage


def _ids(rows: Mapping[str, Any]) -> dict[str, int]:
    return {name: row.id for name, row in rows.items()}


def plan(
    session: Session, stage: Stage, brand: str, starts_at: datetime, ends_at: datetime, now: datetime
) -> CampaignRow:
    """A launched campaign of a brand with its two influencers."""
    shop = session.get_one(Shop, stage.shops[brand])
    terms = {"influencer_rate_bps": RATES[brand][0], "agency_rate_bps": RATES[brand][1], "base": "net"}
    row = factories.campaign(
        session, shop=shop, name=f"{brand} {now:%j}", starts_at=starts_at, ends_at=ends_at, terms=terms
    )
    for who in CAST[brand]:
        person = session.get_one(Influencer, stage.people[who])
        factories.participation(session, campaign=row, influencer=person, overrides=OWN.get(who), now=now)
    life.launch(session, row, now, "two are enough for this story")
    return row


def terms_of(who: str, rate_bps: int, fee_bps: int) -> pencil.Terms:
    """As the pencil writes them."""
    own = OWN.get(who, {})
    tiers = [(one["from_sales_minor"], one["rate_bps"]) for one in own.get("tiers", ())]
    bonuses = [(one["at_orders"], one["amount_minor"]) for one in own.get("bonus", ())]
    tier, bonus = (next(iter(some), None) for some in (tiers, bonuses))
    return pencil.Terms(rate_bps, fee_bps, tier, bonus, own.get("cap_minor"))


def written(row: CampaignRow, brand: str, people: Iterable[Participation]) -> pencil.Campaign:
    """A campaign as the pencil begins it."""
    made = pencil.Campaign(brand, row.starts_at, row.ends_at)
    for person in people:
        who = person.influencer.name
        accepted = [(person.acceptances[0].accepted_at, terms_of(who, *RATES[brand]))]
        made.takers.append(pencil.Taker(who, made, person.codes[-1].code, accepted))
    return made


def taking(order: pencil.Order, state: pencil.State, shop_id: int) -> Taking:
    """What the shop tells of an order in one of its states."""
    version = order.placed_at + state.version * SECOND
    refunds = tuple(
        Refund(f"r{number}", version, None, (RefundLine("1", "1", amount, 0),), False, money_minor=amount)
        for number, amount in state.refunds
    )
    snapshot = OrderSnapshot(
        external_id=str(order.number), number=f"#{order.number}", version=version, placed_at=order.placed_at,
        status=state.status, raw_status=state.status, currency="ILS", prices_include_tax=True,
        lines=(Line("1", "SERUM", "Serum", "skin care", "1", state.net_minor, 0, 0),), shipping_minor=0, tax_minor=0,
        fees_minor=0, total_minor=state.net_minor, codes=(order.owner.code,) if order.owner else (),
        customer=Customer(email=f"buyer{order.number}@example.com"), refunds=refunds,
    )  # fmt: skip
    return Taking(shop_id, str(order.number), ShopEvent(topic="order.updated", order=snapshot))


class Read:
    """What the ledger says, each posting read once: rows there are never changed."""

    def __init__(self, session: Session, stage: Stage) -> None:
        self._session = session
        self._names: dict[str, dict[int, str]] = {
            kind: {number: name for name, number in ids.items()}
            for kind, ids in (("brand", stage.brands), ("influencer", stage.people))
        }
        self._newest = 0
        self.earned: dict[int, list[int]] = {}
        self._balances: Counter[pencil.Key] = Counter()

    def read_on(self) -> None:
        """Read what was posted since."""
        rows = self._session.execute(
            select(
                Posting.id, Posting.amount_minor, LedgerAccount.kind, LedgerAccount.owner_id,
                CampaignRow.brand_id, Order.external_id,
            )
            .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
            .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
            .outerjoin(CampaignRow, CampaignRow.id == Posting.campaign_id)
            .outerjoin(Order, Order.id == LedgerTransaction.order_id)
            .where(Posting.id > self._newest)
            .order_by(Posting.id)
        )  # fmt: skip
        for posting, amount, kind, owner, brand, number in rows:
            self._newest = posting
            self._balances[self._key(kind, owner, brand)] += int(amount) if kind in OWED_TO_US else -int(amount)
            if number is not None and kind in ("influencer_pending", "agency_income"):
                self.earned.setdefault(int(number), [0, 0])[kind == "agency_income"] -= int(amount)

    def _key(self, kind: str, owner: int, brand: int | None) -> pencil.Key:
        side = kind.partition("_")[0]
        name = self._names.get(side, {}).get(owner, "")
        by_brand = kind in ("influencer_pending", "influencer_due")
        return (
            "credit" if kind.endswith("_credit") else kind,
            name,
            self._names["brand"][brand or 0] if by_brand else "",
        )

    def balances(self) -> dict[pencil.Key, int]:
        """Every account, without zeros; what is owed to us as positive as what we owe."""
        return {key: amount for key, amount in self._balances.items() if amount}

    def earnings(self) -> dict[int, tuple[int, int]]:
        """Order -> commission and fee; without those that earn nothing."""
        return {number: (pair[0], pair[1]) for number, pair in self.earned.items() if any(pair)}
