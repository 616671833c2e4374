"""Which way a statement is paid: by the payee's preference, and by the amount.

A rule says that from a day on amounts above a threshold go by another route than the one preferred; staff may
overrule both for one participant, with a reason. The route is settled when a statement is issued and stays with it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Invalid, NotFound, Said, Unreadable
from campaigns.models import Participation, RouteRule
from campaigns.models.accounts import ROUTES
from campaigns.money import LARGEST_MINOR, exponent
from campaigns.reasons import read_reason

LONGEST_SOURCE = 300


class Rule(Protocol):
    """What deciding needs of a rule."""

    from_date: date
    to_date: date | None
    above_minor: int
    preferred: str
    route: str
    source: str


def route_for(preference: str, amount_minor: int, on: date, rules: Iterable[Rule]) -> tuple[str, str]:
    """(route, reason) of an amount; the reason is the source of the rule that overruled the preference, or "".

    Of several rules the one with the highest threshold counts, and among equal ones the newest. A rule is asked once:
    the route it names is not overruled in turn.
    """
    valid = [
        rule
        for rule in rules
        if rule.preferred == preference
        and rule.from_date <= on
        and (rule.to_date is None or on <= rule.to_date)
        and amount_minor > rule.above_minor
    ]
    if not valid:
        return preference, ""
    strongest = max(valid, key=lambda rule: (rule.above_minor, rule.from_date))
    return strongest.route, strongest.source


def settle_route(session: Session, participation: Participation, amount_minor: int, on: date) -> tuple[str, str]:
    """(route, reason) of a statement of `amount_minor`, dated `on`; the reason is "" where it is the payee's wish."""
    if participation.route_override:
        return participation.route_override, participation.route_override_reason
    rules = session.scalars(select(RouteRule).filter_by(currency=participation.campaign.currency))
    return route_for(participation.influencer.payee_route, amount_minor, on, rules)


def add_rule(
    session: Session,
    currency: str,
    from_date: date,
    above_minor: int,
    preferred: str,
    route: str,
    source: str,
    now: datetime,
    user_id: int | None,
) -> RouteRule:
    """A rule from a day on; raises Invalid."""
    errors: dict[str, list[str]] = {}
    try:
        exponent(currency)
    except Unreadable as error:
        errors["currency"] = [error.sentence or str(error)]
    for field, value in (("preferred", preferred), ("route", route)):
        if value not in ROUTES:
            errors[field] = [Said("Choose one of the values offered.")]
    if preferred == route:
        errors["route"] = [Said("This is the route that is preferred: the rule would change nothing.")]
    if above_minor < 0:
        errors["above_minor"] = [Said("This must not be below zero.")]
    if above_minor > LARGEST_MINOR:
        errors["above_minor"] = [Said("is too large")]
    if not source.strip():
        errors["source"] = [Said("Say where this rule stands: a law, an order, an agreement.")]
    if len(source.strip()) > LONGEST_SOURCE:
        errors["source"] = [Said("must have at most %(most)s characters", most=LONGEST_SOURCE)]
    if errors:
        raise Invalid(errors)
    rule = RouteRule(
        currency=currency,
        from_date=from_date,
        above_minor=above_minor,
        preferred=preferred,
        route=route,
        source=source.strip(),
        entered_by_user_id=user_id,
        entered_at=now,
    )
    session.add(rule)
    session.flush()
    return rule


def find_rule(session: Session, public_id: str) -> RouteRule:
    """The rule of that id; raises NotFound."""
    rule = session.scalar(select(RouteRule).filter_by(public_id=public_id))
    if rule is None:
        raise NotFound("no such rule")
    return rule


def end_rule(session: Session, rule: RouteRule, last_day: date) -> None:
    """Let a rule hold until `last_day`, that day included; statements issued under it keep their route."""
    if last_day < rule.from_date:
        raise Invalid({"to_date": [Said("The last day must not be before the first.")]})
    rule.to_date = last_day
    session.flush()


def override_route(session: Session, participation: Participation, route: str, reason: str) -> None:
    """Pay one participant by `route` from the next statement on, with a reason; "" gives it back to the rules."""
    if route and route not in ROUTES:
        raise Invalid({"route": [Said("Choose one of the values offered.")]})
    text = read_reason(reason) if route else ""
    participation.route_override, participation.route_override_reason = route, text
    session.flush()
