"""The decision on an order, gathered and kept: facts from the tables, the rule from attribution.py.

A decision that changes is superseded by a new row. One made by staff stands until staff make another: rules don't
overrule a person who gave a reason.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from campaigns.commissions.accrual import Credit
from campaigns.commissions.run import needs_run
from campaigns.commissions.terms import canonical
from campaigns.db import lock_names
from campaigns.errors import Conflict, Said
from campaigns.models import AttributionDecision, Campaign, Order, Participation
from campaigns.questions import Question, among
from campaigns.rows import insert_rows
from campaigns.tracking.attribution import Decision, OrderFacts, decide
from campaigns.tracking.evidence import repeated
from campaigns.tracking.known import change, loose, rows_of
from campaigns.tracking.people import Person, acceptance_in_force, people
from campaigns.tracking.pointing import pointing
from campaigns.tracking.rates import Told, day_in, rate_in, rate_of_day, rates_of

_COLUMNS = (
    "order_id", "campaign_id", "participation_id", "acceptance_id", "reason", "evidence", "decided_at",
    "decided_by_user_id", "superseded_at",
)  # fmt: skip
_DECISION = AttributionDecision.__table__.c
_IN_FORCE = Question(select(*_DECISION).where(among(_DECISION.order_id, "orders"), _DECISION.superseded_at.is_(None)))


class Standing(NamedTuple):
    """What stands for an order now: whom it credits, and whether it locks (or locked) its buyer to somebody.

    `rate_millionths` is what converts an order of another currency than the campaign's; without one nothing is earned.
    `repeat` says that it is one more of a locked buyer's; `runs` are the participants it is or was credited to whose
    orders depend on one another.
    """

    credit: Credit | None
    locks: bool
    rate_millionths: int | None = None
    repeat: bool = False
    runs: tuple[Person, ...] = ()


def hold_orders(connection: Connection, keys: Iterable[tuple[int, str]]) -> None:
    """Whoever changes orders, their decisions or their postings holds them until the transaction ends."""
    lock_names(connection, [f"order:{shop_id}:{external_id}" for shop_id, external_id in keys])


def hold_order(session: Session, shop_id: int, external_id: str) -> None:
    """As hold_orders, for one."""
    hold_orders(session.connection(), [(shop_id, external_id)])


def current_decision(session: Session, order_id: int) -> AttributionDecision | None:
    """The decision in force."""
    return session.scalar(
        select(AttributionDecision).where(
            AttributionDecision.order_id == order_id, AttributionDecision.superseded_at.is_(None)
        )
    )


def redecide_all(
    connection: Connection,
    orders: Sequence[Order],
    fresh: set[int],
    key: bytes,
    now: datetime,
    registering: Collection[int] = (),
) -> dict[int, Standing]:
    """Judge orders anew; order id -> what stands, which is the old decision where nothing changed.

    `fresh` are the ids of orders that can have no decision yet, `registering` the shops with registered customers.
    """
    current = _current(connection, [order.id for order in orders if order.id not in fresh])
    also = {row.participation_id for row in current.values() if row.participation_id is not None}
    points, concerned = pointing(connection, orders, also, key, registering)
    rates = rates_of(connection, orders, concerned)
    judged: dict[int, AttributionDecision] = {}
    nowhere: list[Order] = []
    for order in orders:
        before = current.get(order.id)
        if before is not None and before.decided_by_user_id is not None:
            judged[order.id] = _by_hand(before, order, concerned, rates)
            continue
        mine = points[order.id]
        facts = _facts(order, mine.unknown_codes, rates.get(order.id, {}))
        decision = decide(facts, mine.codes, mine.clicks, mine.named, mine.lock, mine.registered)
        judged[order.id] = _row(order, decision, concerned)
        if decision.concerned is None:
            nowhere.append(order)
    for order_id, campaign_id in nearest_campaigns(connection, nowhere).items():
        change(judged[order_id], {"campaign_id": campaign_id})
    changed = [row for row in judged.values() if not _same(current.get(row.order_id), row)]
    _keep(connection, changed, [current[row.order_id].id for row in changed if row.order_id in current], now)
    after = {**current, **{row.order_id: row for row in changed}}
    return {order.id: _standing(after[order.id], current.get(order.id), concerned) for order in orders}


def _current(connection: Connection, order_ids: Sequence[int]) -> dict[int, AttributionDecision]:
    rows = _IN_FORCE.ask(connection, orders=order_ids)
    return {row.order_id: loose(AttributionDecision, row._asdict()) for row in rows}


def _facts(order: Order, unknown_codes: Sequence[str], rates: Mapping[int, Told]) -> OrderFacts:
    return OrderFacts(
        placed_at=order.placed_at,
        status=order.state,
        currency=order.currency,
        test=order.test,
        person_keys=frozenset(filter(None, (order.customer_key, order.phone_key))),
        unknown_codes=tuple(unknown_codes),
        rates=rates,
    )


def _by_hand(
    before: AttributionDecision, order: Order, concerned: Mapping[int, Person], rates: Mapping[int, Mapping[int, Told]]
) -> AttributionDecision:
    """What staff decided stands; only the rate of the order's day may have changed since."""
    person = concerned.get(before.participation_id or 0)
    rate = rates.get(order.id, {}).get(person.campaign_id) if person and person.currency != order.currency else None
    evidence = _with_rate(before.evidence, rate)
    return loose(AttributionDecision, {**{name: vars(before).get(name) for name in _COLUMNS}, "evidence": evidence})


def _with_rate(evidence: Mapping[str, Any], rate: Told | None) -> dict[str, Any]:
    others = {name: told for name, told in evidence.items() if name != "rate"}
    return others | {"rate": rate} if rate else others


def _row(order: Order, decision: Decision, concerned: dict[int, Person]) -> AttributionDecision:
    evidence: dict[str, Any] = dict(decision.evidence)
    winner = concerned[decision.winner.participation_id] if decision.winner else None
    consent = acceptance_in_force(winner.consents, order.placed_at) if winner else None
    if consent is not None:
        evidence["terms_version"] = consent.terms_version
    return loose(
        AttributionDecision,
        {
            "order_id": order.id,
            "campaign_id": decision.concerned.campaign_id if decision.concerned else None,
            "participation_id": winner.participation_id if winner else None,
            "acceptance_id": consent.id if consent else None,
            "reason": decision.reason,
            "evidence": evidence,
        },
    )


def _keep(connection: Connection, rows: Sequence[AttributionDecision], former: Sequence[int], now: datetime) -> None:
    """Write decisions, and end the ones they follow."""
    if former:
        ended = update(AttributionDecision).where(AttributionDecision.id.in_(former))
        connection.execute(ended.values(superseded_at=now))
    for row in rows:
        change(row, {"decided_at": now})
    insert_rows(connection, AttributionDecision, rows_of(rows, _COLUMNS))


def standing_of(
    connection: Connection, row: AttributionDecision, before: AttributionDecision | None, key: bytes
) -> Standing:
    """What stands for an order by a decision just made, after the one before it."""
    ids = {one.participation_id for one in (row, before) if one is not None and one.participation_id is not None}
    return _standing(row, before, people(connection, ids, key))


def _standing(row: AttributionDecision, before: AttributionDecision | None, concerned: dict[int, Person]) -> Standing:
    both = [concerned.get(one.participation_id or 0) for one in (row, before) if one is not None]
    person = both[0]
    return Standing(
        credit=person.credit(row.acceptance_id) if person else None,
        locks=any(one is not None and one.binds for one in both),
        rate_millionths=rate_in(row.evidence),
        repeat=repeated(row.reason, row.evidence),
        runs=tuple(one for one in both if one is not None and one.in_run),
    )


def _same(one: AttributionDecision | None, other: AttributionDecision) -> bool:
    def essence(row: AttributionDecision) -> tuple[Any, ...]:
        return (
            row.campaign_id,
            row.participation_id,
            row.acceptance_id,
            row.reason,
            row.decided_by_user_id,
            canonical(row.evidence),
        )

    return one is not None and essence(one) == essence(other)


def nearest_campaigns(connection: Connection, orders: Sequence[Order]) -> dict[int, int | None]:
    """order id -> the shop's campaign nearest in time: on whose list an order without evidence is shown."""
    if not orders:
        return {}
    rows = connection.execute(
        select(Campaign.id, Campaign.shop_id, Campaign.starts_at, Campaign.ends_at)
        .where(Campaign.shop_id.in_({order.shop_id for order in orders}), Campaign.launched_at.is_not(None))
        .order_by(Campaign.id)
    ).all()

    def distance(row: Any, order: Order) -> timedelta:
        return max(row.starts_at - order.placed_at, order.placed_at - row.ends_at, timedelta(0))

    nearest = {}
    for order in orders:
        campaigns = [row for row in rows if row.shop_id == order.shop_id]
        found = min(campaigns, key=lambda row: (distance(row, order), row.id), default=None)  # noqa: B023
        nearest[order.id] = int(found.id) if found else None
    return nearest


def assign(
    session: Session, order: Order, participation: Participation, user_id: int, reason: str, now: datetime
) -> AttributionDecision:
    """Credit an order to a participant by hand, with a reason; raises Conflict for what no one may credit.

    The order is held as a delivery of it would hold it, so that the two don't post side by side.
    """
    hold_order(session, order.shop_id, order.external_id)
    if order.test:
        raise Conflict("a test order earns nothing for anyone")
    rate = _rate_by_hand(session, order, participation.campaign)
    current = current_decision(session, order.id)
    acceptance = acceptance_in_force(participation.acceptances, order.placed_at)
    if acceptance is None:
        raise Conflict("this influencer has not accepted the terms")
    earlier = current.evidence if current else {}
    row = AttributionDecision(
        order_id=order.id,
        campaign_id=participation.campaign_id,
        participation_id=participation.id,
        acceptance_id=acceptance.id,
        reason="manual",
        evidence={
            **_with_rate(earlier, rate),
            "assigned_because": reason,
            "was": current.reason if current else "none",
        },
        decided_by_user_id=user_id,
    )
    if _same(current, row) and current is not None:
        return current
    if current is not None:
        current.superseded_at = now
        session.flush()
    row.decided_at = now
    session.add(row)
    session.flush()
    return row


def _rate_by_hand(session: Session, order: Order, campaign: Campaign) -> Told | None:
    """The rate of the order's day where it needs one; raises Conflict where it needs one and there is none."""
    if order.currency == campaign.currency:
        return None
    on = day_in(order.placed_at, campaign.timezone)
    rate = rate_of_day(session.connection(), order.currency, campaign.currency, on)
    if rate is None:
        facts = {"one": order.currency, "other": campaign.currency, "on": on.isoformat()}
        raise Conflict(
            Said("the order is in %(one)s, the campaign in %(other)s, and no rate is entered for %(on)s", **facts)
        )
    return rate


def credit_of(decision: AttributionDecision | None) -> Credit | None:
    """Whom a decision credits, in the ledger's words; None for `none` and refusals."""
    if decision is None or decision.participation is None or decision.acceptance is None:
        return None
    participation = decision.participation
    return Credit(
        brand_id=participation.campaign.brand_id,
        influencer_id=participation.influencer_id,
        campaign_id=participation.campaign_id,
        participation_id=participation.id,
        terms=decision.acceptance.terms,
        terms_version=decision.acceptance.terms_version,
        currency=participation.campaign.currency,
        in_run=any(needs_run(acceptance.terms) for acceptance in participation.acceptances),
    )
