"""Stripe's refunds: each one sum, with its own id, split into goods, tax and shipping nowhere.

https://docs.stripe.com/api/refunds/object. Any event on a refund tells its state at that time, so the time of the
event is kept with it: a refund that failed afterwards gives nothing back, whichever word of it arrives first.
"""

from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.tracking.events import Refund
from campaigns.tracking.json_body import JsonObject
from campaigns.tracking.platforms.stripe_object import currency_of, minor

GIVEN_BACK = frozenset({"succeeded", "pending", "requires_action"})
NOT_GIVEN_BACK = frozenset({"failed", "canceled"})


def read_refund(refund: JsonObject, told_at: datetime) -> Refund:
    """One refund as it stood at `told_at`; raises Unreadable."""
    currency, status = currency_of(refund), refund.word("status")
    amount = minor(refund, "amount", currency)
    if amount < 0 or status not in GIVEN_BACK | NOT_GIVEN_BACK:
        raise Unreadable(f"{refund.at('status' if amount >= 0 else 'amount')}: not a refund's")
    return one_sum(refund, told_at, currency, amount if status in GIVEN_BACK else 0)


def one_sum(thing: JsonObject, told_at: datetime, currency: str, given_back: int) -> Refund:
    """A sum in minor units that is split nowhere, under the id of the thing that tells of it."""
    return Refund(
        refund_id=thing.identifier("id"),
        created_at=told_at,
        currency=currency,
        unsplit_minor=given_back,
        money_minor=given_back,
    )


def listed_refunds(charge: JsonObject, told_at: datetime) -> tuple[Refund, ...]:
    """The refunds a charge lists; none where it leaves them, or some of them, out. Raises Unreadable."""
    refunds = charge.object("refunds")
    if refunds.flag_or_false("has_more"):
        return ()
    return tuple(read_refund(refund, told_at) for refund in refunds.objects("data"))
