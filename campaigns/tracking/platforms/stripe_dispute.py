"""Stripe's disputes: the buyer's bank holds a sum back, and while it does, that sum counts as given back.

https://docs.stripe.com/api/disputes/object, https://docs.stripe.com/disputes. A dispute is one refund with its own id,
split nowhere; the time of the event is kept with it, as with a refund. Once the bank let the money go (the dispute was
won or prevented, or the funds were reinstated) nothing of it is given back, whichever word of it arrives first.

An inquiry (`warning_…`) moves no money but may become a dispute. It is told as no refund at all: a refund of nothing
would be the last word on that id, and the dispute after it would take nothing back.
"""

from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.tracking.events import Refund
from campaigns.tracking.json_body import JsonObject
from campaigns.tracking.platforms.stripe_object import currency_of, minor
from campaigns.tracking.platforms.stripe_refund import one_sum

REINSTATED = "charge.dispute.funds_reinstated"
DISPUTE_TOPICS = frozenset(
    {
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        REINSTATED,
    }
)
HELD_BACK = frozenset({"needs_response", "under_review", "lost"})
LET_GO = frozenset({"won", "prevented"})
INQUIRY = frozenset({"warning_needs_response", "warning_under_review", "warning_closed"})


def read_dispute(dispute: JsonObject, told_at: datetime, *, reinstated: bool = False) -> Refund | None:
    """The disputed sum as it stood at `told_at`; None where no money has moved so far. Raises Unreadable."""
    currency, status = currency_of(dispute), dispute.word("status")
    amount = minor(dispute, "amount", currency)
    if amount < 0:
        raise Unreadable(f"{dispute.at('amount')}: below zero")
    if status not in HELD_BACK | LET_GO | INQUIRY:
        raise Unreadable(f"{dispute.at('status')}: an unknown status")
    let_go = reinstated or status in LET_GO
    if not let_go and (status in INQUIRY or not amount):
        return None
    return one_sum(dispute, told_at, currency, 0 if let_go else amount)
