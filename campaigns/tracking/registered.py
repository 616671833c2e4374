"""Who registered the buyers of some orders: asked for a batch at once, only for shops that registered customers."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, or_, select

from campaigns.models import Order, Registration
from campaigns.questions import Question, among
from campaigns.tracking.matches import RegisteredMatch
from campaigns.tracking.people import Person

Registered = Mapping[tuple[int, str], list[Any]]

_REGISTERED = Question(
    select(
        Registration.public_id,
        Registration.shop_id,
        Registration.customer_key,
        Registration.phone_key,
        Registration.participation_id,
        Registration.exclusive,
        Registration.registered_at,
        Registration.binds_until,
        Registration.ended_at,
    ).where(
        among(Registration.shop_id, "shops"),
        or_(among(Registration.customer_key, "buyers"), among(Registration.phone_key, "buyers")),
        Registration.status != "refused",
    )
)


def ask_registered(connection: Connection, orders: Sequence[Order], shops: Collection[int]) -> Registered:
    """(shop, a key of the buyer) -> registrations of that person; hashes of addresses and of numbers never meet."""
    found: dict[tuple[int, str], list[Any]] = defaultdict(list)
    buyers = {key for order in orders if order.shop_id in shops for key in _buyer(order)}
    for row in _REGISTERED.ask(connection, shops=shops, buyers=buyers):
        for name in filter(None, (row.customer_key, row.phone_key)):
            found[row.shop_id, name].append(row)
    return found


def registered_matches(order: Order, known: Registered, people: Mapping[int, Person]) -> Iterator[RegisteredMatch]:
    """The buyer's registrations as they were known when the order was placed: a later one says nothing of it."""
    if not known:
        return
    rows = {row.public_id: row for name in _buyer(order) for row in known.get((order.shop_id, name), ())}
    for row in rows.values():
        person = people.get(row.participation_id)
        if person is not None and row.registered_at <= order.placed_at:
            theirs = person.candidate(ended_at=row.ended_at)
            yield RegisteredMatch(row.public_id, row.registered_at, row.binds_until, row.exclusive, theirs)


def _buyer(order: Order) -> list[str]:
    """What the buyer is known by."""
    return [name for name in (order.customer_key, order.phone_key) if name]
