"""Whose an order may be that is nobody's: guesses for staff, best first, each with its reasons in words.

The decision's own evidence is looked at again for what pointed to somebody and did not count; the tables are asked
for codes like the one that was typed, and for earlier orders of the same buyer. Nothing here credits anything. A few
statements serve a whole page of orders.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from campaigns.errors import Said
from campaigns.models import AttributionDecision, Campaign, CouponCode, Influencer, Order, Participation
from campaigns.tracking.identity import email_key, phone_key
from campaigns.tracking.matches import fold
from campaigns.tracking.mistyped import likeness

# Only these may be somebody's after all: the other refusals are right whoever is credited, or pass by themselves.
OPEN = ("none", "refused_outside_dates")
MOST = 3
MOST_CODES = 20
# The strongest first.
SLIP, PIECE, NOT_IN_FORCE, NAMED, SAME_BUYER, CLICK = range(6)


class Hint(NamedTuple):
    """One reason to think of one participant (a public id)."""

    rank: int
    participant: str
    reason: Said


@dataclass(frozen=True)
class Suggestion:
    """A participant whom an order may be credited to, and why."""

    participation: Participation
    reasons: tuple[Said, ...]


def suggested(
    session: Session, decided: Sequence[tuple[Order, AttributionDecision]], key: bytes
) -> dict[int, list[Suggestion]]:
    """Order id -> suggestions, best first, for the orders that nobody is credited for; others are missing.

    Whoever can't be credited isn't suggested: a buyer, a campaign in another currency, who never accepted.
    """
    open_ones = [(order, decision.evidence) for order, decision in decided if decision.reason in OPEN]
    if not open_ones:
        return {}
    orders = [order for order, _ in open_ones]
    codes = _codes_of(session, orders) if any(evidence.get("unknown_codes") for _, evidence in open_ones) else []
    earlier = _earlier_of(session, orders)
    hints = {
        order.id: [
            *like_typed(order, evidence.get("unknown_codes", ()), codes),
            *did_not_count(order, evidence),
            *same_buyer(order, earlier),
        ]
        for order, evidence in open_ones
    }
    people = _people(session, {hint.participant for found in hints.values() for hint in found})
    ranked = {order.id: _ranked(order, hints[order.id], people, key) for order in orders}
    return {order_id: found for order_id, found in ranked.items() if found}


def did_not_count(order: Order, evidence: Mapping[str, Any]) -> Iterator[Hint]:
    """What the rule found and did not accept."""
    for code in evidence.get("codes", ()):
        if code["verdict"] == "ended":
            sentence = Said("Their code %(code)s is on the order, but had been ended.", code=code["code"])
        else:
            sentence = Said("Their code %(code)s is on the order, but was not in force then.", code=code["code"])
        yield Hint(NOT_IN_FORCE, code["participant"], sentence)
    for name in evidence.get("landing", ()):
        if name["verdict"] in ("ended", "outside_dates"):
            sentence = Said("The landing address names them (%(name)s), but not while they earned.", name=name["value"])
            yield Hint(NAMED, name["participant"], sentence)
    for name in evidence.get("affiliates", ()):
        sentence = Said(
            "The shop's affiliate field names them (%(name)s), but not while they earned.", name=name["value"]
        )
        yield Hint(NAMED, name["participant"], sentence)
    for click in evidence.get("clicks", ()):
        yield Hint(CLICK, click["participant"], _about_click(order, click))


def like_typed(order: Order, typed: Sequence[str], codes: Sequence[Any]) -> Iterator[Hint]:
    """Codes of the order's shop, in force when it was placed, that are like one that was typed."""
    in_force = [
        row for row in codes if row.shop_id == order.shop_id and row.valid_from <= order.placed_at <= row.valid_to
    ]
    for word in typed[:MOST_CODES]:
        for row in in_force:
            like = likeness(fold(word), row.folded)
            if like == "slip":
                sentence = Said(
                    "The code %(typed)s is one slip away from their code %(code)s.", typed=word, code=row.code
                )
                yield Hint(SLIP, row.public_id, sentence)
            elif like == "cut":
                sentence = Said("The code %(typed)s is a piece of their code %(code)s.", typed=word, code=row.code)
                yield Hint(PIECE, row.public_id, sentence)
            elif like == "added":
                sentence = Said(
                    "The code %(typed)s is their code %(code)s and something more.", typed=word, code=row.code
                )
                yield Hint(PIECE, row.public_id, sentence)


def same_buyer(order: Order, earlier: Sequence[Any]) -> Iterator[Hint]:
    """Participants whom an order of the same buyer was credited to before."""
    for row in earlier:
        of_buyer = (row.shop_id, row.customer_key) == (order.shop_id, order.customer_key)
        if of_buyer and row.placed_at < order.placed_at:
            day = row.placed_at.astimezone(ZoneInfo(order.shop.timezone)).date().isoformat()
            yield Hint(SAME_BUYER, row.public_id, Said("An order of the same buyer on %(day)s is theirs.", day=day))


def _about_click(order: Order, click: Mapping[str, Any]) -> Said:
    if click["verdict"] == "after_order":
        return Said("Their link was opened after the order was placed.")
    if click["verdict"] == "window_over":
        days = (order.placed_at - datetime.fromisoformat(click["clicked_at"])).days
        return Said("Their link was opened %(days)s days before the order, longer ago than agreed.", days=days)
    return Said("Their link was opened before the order, but not while they earned.")


def _codes_of(session: Session, orders: Sequence[Order]) -> Sequence[Any]:
    moments = [order.placed_at for order in orders]
    wanted = select(
        CouponCode.shop_id,
        CouponCode.code,
        CouponCode.folded,
        CouponCode.valid_from,
        CouponCode.valid_to,
        Participation.public_id,
    ).join(Participation, Participation.id == CouponCode.participation_id)
    shops = {order.shop_id for order in orders}
    in_reach = (CouponCode.valid_from <= max(moments)) & (CouponCode.valid_to >= min(moments))
    return session.execute(wanted.where(CouponCode.shop_id.in_(shops), in_reach).order_by(CouponCode.id)).all()


def _earlier_of(session: Session, orders: Sequence[Order]) -> Sequence[Any]:
    """(shop, buyer, participant) with the first order that was credited so."""
    buyers = {order.customer_key for order in orders if order.customer_key}
    if not buyers:
        return []
    columns = (Order.shop_id, Order.customer_key, Participation.public_id)
    wanted = (
        select(*columns, func.min(Order.placed_at).label("placed_at"))
        .join(AttributionDecision, AttributionDecision.order_id == Order.id)
        .join(Participation, Participation.id == AttributionDecision.participation_id)
        .where(
            Order.shop_id.in_({order.shop_id for order in orders}),
            Order.customer_key.in_(buyers),
            AttributionDecision.superseded_at.is_(None),
        )
        .group_by(*columns)
    )
    return session.execute(wanted.order_by(func.min(Order.placed_at))).all()


def _people(session: Session, participants: set[str]) -> dict[str, Participation]:
    """Those of them who accepted terms, by public id."""
    if not participants:
        return {}
    found = session.scalars(
        select(Participation)
        .options(joinedload(Participation.influencer), joinedload(Participation.campaign))
        .where(Participation.public_id.in_(participants), Participation.acceptances.any())
    )
    return {person.public_id: person for person in found}


def _ranked(order: Order, hints: Sequence[Hint], people: Mapping[str, Participation], key: bytes) -> list[Suggestion]:
    reasons: dict[str, list[Said]] = {}
    for hint in sorted(hints, key=lambda hint: hint.rank):
        told = reasons.setdefault(hint.participant, [])
        if hint.reason not in told:
            told.append(hint.reason)
    found = [(people[one], told) for one, told in reasons.items() if one in people]
    fitting = [(person, told) for person, told in found if _may_have_it(order, person, key)]
    return [Suggestion(person, tuple(told)) for person, told in fitting[:MOST]]


def _may_have_it(order: Order, person: Participation, key: bytes) -> bool:
    campaign: Campaign = person.campaign
    influencer: Influencer = person.influencer
    own = {email_key(key, influencer.email), phone_key(key, influencer.phone)} - {""}
    here = campaign.shop_id == order.shop_id and campaign.currency == order.currency
    return here and not own & {order.customer_key, order.phone_key}
