"""Two brands, three influencers and their money, as a person with a pencil would keep them. Nothing of the product.

What an order's commission has become (jotted.py) differs from what was written down for it: the difference is written
down, and the next statement of that brand takes it, held orders excepted. A statement's amount is due from that brand
and from no other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.settlement.jotted import (
    Batch,
    Bill,
    Campaign,
    Compensation,
    Dispute,
    Line,
    Order,
    State,
    Statement,
    Taker,
    Terms,
    earned,
    part,
)

__all__ = [
    "Key",
    "Pencil",
    "Batch",
    "Bill",
    "Campaign",
    "Compensation",
    "Dispute",
    "Line",
    "Order",
    "State",
    "Statement",
    "Taker",
    "Terms",
    "earned",
    "part",
]

VAT_BPS = 1_800
Key = tuple[str, str, str]  # kind of account, owner, brand


@dataclass
class Pencil:
    """Everything there is to know."""

    orders: list[Order] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    compensations: list[Compensation] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    due: Counter[tuple[str, str]] = field(default_factory=Counter)  # (influencer, brand)
    credit: Counter[str] = field(default_factory=Counter)  # by name
    given_minor: int = 0  # by the agency: compensation and credit
    bank_minor: int = 0

    def write_down(self) -> None:
        """After messages: the difference to what each order has become."""
        mine: dict[Taker, list[Order]] = defaultdict(list)
        for order in self.orders:
            if order.taker is not None:
                mine[order.taker].append(order)
        for orders in mine.values():
            for order, shares in earned(orders):
                change = shares[0] - order.posted[0]
                if change:
                    order.unstated.append(change)
                    order.ever_earned = True
                order.posted = shares

    def earnings(self) -> dict[int, tuple[int, int]]:
        """Order -> commission and fee; without those that earn nothing."""
        return {order.number: order.posted for order in self.orders if order.posted != (0, 0)}

    def totals(self, campaign: Campaign) -> tuple[int, int]:
        """Commission and fee of a campaign."""
        mine = [order.posted for order in self.orders if order.taker is not None and order.taker.campaign is campaign]
        return sum(pair[0] for pair in mine), sum(pair[1] for pair in mine)

    # Statements.

    def waiting(self, who: str, brand: str, held: bool = False) -> list[Order]:
        """Orders of a brand's closed campaigns with something on no statement, kept back or not."""
        return [
            order
            for order in self.orders
            if (taker := order.taker) is not None
            and (taker.who, taker.campaign.brand, taker.campaign.closed) == (who, brand, True)
            and order.unstated
            and bool(order.hold) == held
        ]

    def promised(self, who: str, brand: str) -> list[Compensation]:
        """Compensation in a brand's closed campaigns, on no statement."""
        return [
            one
            for one in self.compensations
            if not one.stated
            and one.taker.who == who
            and one.taker.campaign.brand == brand
            and one.taker.campaign.closed
        ]

    def state(self, taker: Taker) -> Statement:
        """Put everything that waits on a statement."""
        who, brand = taker.who, taker.campaign.brand
        held = sum(sum(order.unstated) for order in self.waiting(who, brand, held=True))
        taken = 0
        for order in self.waiting(who, brand):
            taken += sum(order.unstated)
            order.unstated.clear()
        given = self.promised(who, brand)
        for one in given:
            one.stated = True
        compensation = sum(one.amount_minor for one in given)
        made = Statement(taker, self.due[who, brand], taken + compensation, held, compensation)
        self.statements.append(made)
        self.due[who, brand] += made.due_minor
        return made

    # The brand's side.

    def bill(self, campaign: Campaign) -> Bill | None:
        """Bill what changed since the last bill; None where each order's changes come to nothing."""
        changed = [
            one for one in self.orders if one.posted != one.billed and one.taker and one.taker.campaign is campaign
        ]
        if not changed:
            return None
        commission, fee = (sum(one.posted[place] - one.billed[place] for one in changed) for place in (0, 1))
        for one in changed:
            one.billed = one.posted
        self.bills.append(Bill(campaign, commission, fee, part(fee, VAT_BPS)))
        return self.bills[-1]

    def receivable(self, brand: str) -> int:
        """What a brand owes: its sales' cost, the VAT billed, less what was settled."""
        campaigns = [one for one in self.campaigns if one.brand == brand]
        billed = sum(bill.vat_minor - bill.settled_minor for bill in self.bills if bill.campaign.brand == brand)
        return sum(sum(self.totals(one)) for one in campaigns) + billed

    def unbilled(self, brand: str) -> int:
        """What of it is on no bill."""
        mine = [one for one in self.orders if one.taker is not None and one.brand == brand]
        return sum(sum(one.posted) - sum(one.billed) for one in mine)

    # Disputes.

    def dispute(self, order: Order, by: str) -> Dispute | None:
        """Ask about an order, which is held unless it is on a statement; None where the same is being asked."""
        if any(not one.resolved and (one.order, one.by) == (order, by) for one in self.disputes):
            return None
        if not order.hold and not order.is_stated:
            order.hold = "dispute"
        self.disputes.append(Dispute(order, by))
        return self.disputes[-1]

    def resolve(self, dispute: Dispute, amount_minor: int, as_credit: bool) -> None:
        """End a dispute, at the agency's expense; its hold ends with the last one about the order."""
        order, dispute.resolved = dispute.order, True
        assert order.taker is not None
        self.given_minor += amount_minor
        if dispute.by == "brand":
            self.credit[order.brand] += amount_minor
        elif as_credit:
            self.credit[order.taker.who] += amount_minor
        elif amount_minor:
            self.compensations.append(Compensation(order.taker, amount_minor))
        if order.hold == "dispute" and not any(not one.resolved and one.order is order for one in self.disputes):
            order.hold = ""

    # Payments.

    def lines(self, *states: str) -> list[Line]:
        """The lines of all batches that are in some state."""
        return [line for batch in self.batches for line in batch.lines if line.status in states]

    def under_way(self, who: str) -> bool:
        """Whether a batch that is not through has a line for them."""
        return any(line.who == who for line in self.lines("prepared", "released"))

    def payable(self, people: Iterable[str]) -> list[Line]:
        """What a batch made now would pay."""
        found = []
        for who in people:
            parts = {brand: due for (one, brand), due in sorted(self.due.items()) if one == who and due > 0}
            if parts and not self.under_way(who):
                mine = [one for one in self.statements if one.taker.who == who and not one.settled]
                found.append(Line(who, parts, [one for one in mine if one.taker.campaign.brand in parts]))
        return found

    def still_due(self, line: Line) -> bool:
        """Whether as much is due of each brand as the line would pay."""
        return all(self.due[line.who, brand] >= amount for brand, amount in line.parts.items())

    def pay(self, line: Line, direction: int = 1) -> None:
        """Book a payment that the bank made, or, the other way, one it sent back."""
        line.status = "paid" if direction == 1 else "returned"
        for brand, amount in line.parts.items():
            self.due[line.who, brand] -= direction * amount
        for statement in line.statements:
            statement.settled = direction == 1
        self.bank_minor -= direction * line.amount_minor

    # All accounts.

    def pending(self, who: str) -> int:
        """What an influencer has earned that is on no statement, whether held, of an open campaign, or waiting."""
        orders = [one for one in self.orders if one.taker is not None and one.taker.who == who]
        given = [one.amount_minor for one in self.compensations if one.taker.who == who and not one.stated]
        return sum(sum(one.unstated) for one in orders) + sum(given)

    def balances(self) -> dict[Key, int]:
        """Every account, without zeros: what is owed to us, and what we owe. Debts to influencers are kept by brand."""
        found: Counter[Key] = Counter()
        for order in self.orders:
            if order.taker is not None:
                found["influencer_pending", order.taker.who, order.brand] += sum(order.unstated)
                found["brand_receivable", order.brand, ""] += sum(order.posted)
                found["agency_income", "", ""] += order.posted[1]
        for one in self.compensations:
            if not one.stated:
                found["influencer_pending", one.taker.who, one.taker.campaign.brand] += one.amount_minor
        for bill in self.bills:
            found["brand_receivable", bill.campaign.brand, ""] += bill.vat_minor - bill.settled_minor
            found["vat_payable", "", ""] += bill.vat_minor
        for (who, brand), amount in self.due.items():
            found["influencer_due", who, brand] += amount
        for name, amount in self.credit.items():
            found["credit", name, ""] += amount
        found["compensation_expense", "", ""] = self.given_minor
        found["bank_clearing", "", ""] = self.bank_minor
        return {key: amount for key, amount in found.items() if amount}
