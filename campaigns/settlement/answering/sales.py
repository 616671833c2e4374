"""What was sold and given back as the books knew it: every accrual says what was left of its sale when it was posted.

What an accrual adds to what was left before is sold, what it takes off is given back or cancelled. So an answer for a
past day counts the sale whole, though the order has been refunded since.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from campaigns.settlement.as_of import Posted

Key = tuple[int | None, int | None, int | None]  # order, contact, participation of an influencer's own view


@dataclass(frozen=True)
class Sales:
    """Counts and sums by currency; `not_theirs` are postings whose transaction tells of somebody else's sale."""

    sums: Mapping[str, tuple[int, int, int]]
    not_theirs: frozenset[int]

    def of(self, currency: str) -> dict[str, int]:
        """Orders of which something is left; what was sold, and what of it was given back, in minor units."""
        orders, sold, given_back = self.sums.get(currency, (0, 0, 0))
        return {"orders": orders, "sold_minor": sold, "given_back_minor": given_back}


def counted(posted: Iterable[Posted], shared: Collection[int], account: str) -> Sales:
    """Count the accruals on one kind of account; `shared` are transactions of two participants."""
    left: dict[tuple[str, Key], int] = defaultdict(int)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    not_theirs = set()
    for one in posted:
        if one.kind != "accrual":
            continue
        gains = one.amount_minor < 0 if one.account != "brand_receivable" else one.amount_minor > 0
        moved_away = one.transaction_id in shared and not gains
        if moved_away:
            not_theirs.add(one.posting_id)
        if one.account != account:
            continue
        own = account == "influencer_pending"
        if moved_away and not own:
            continue  # for the brand the sale stays what it was
        key = (one.currency, (one.order_id, one.contact_id, one.participation_id if own else None))
        # Nothing is left of a sale that is nobody's now; what the first versions wrote says nothing of it.
        after = 0 if moved_away or one.basis is None else int(one.basis["base_minor"])
        change = after - left[key]
        sums[one.currency][0 if change > 0 else 1] += abs(change)
        left[key] = after
    orders: dict[str, int] = defaultdict(int)
    for (currency, (order, _, _)), amount in left.items():
        orders[currency] += 1 if order is not None and amount else 0
    return Sales(
        {currency: (orders[currency], sold, given_back) for currency, (sold, given_back) in sums.items()},
        frozenset(not_theirs),
    )
