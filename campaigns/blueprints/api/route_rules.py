"""Route rules over the API: from a day on, amounts above a threshold go by another route than the payee prefers."""

from typing import Any

from sqlalchemy import select

from campaigns.blueprints import paying
from campaigns.blueprints.api import route_rules_schemas as schemas
from campaigns.blueprints.api.api import caller, operation, page_of
from campaigns.blueprints.context import session
from campaigns.clock import iso
from campaigns.models import RouteRule
from campaigns.settlement.paying import routes


@operation("GET", "/route-rules", answer=schemas.RouteRuleList, query=("cursor", "limit"))
def list_route_rules() -> dict[str, Any]:
    """Every rule ever entered, also those that have ended."""
    return page_of(select(RouteRule), RouteRule.id, show_rule)


@operation("POST", "/route-rules", schemas.RouteRuleIn, schemas.RouteRuleOut, status=201)
def add_route_rule(body: schemas.RouteRuleIn) -> dict[str, Any]:
    """Add a rule; it holds for statements issued from now on."""
    asked = (body.from_date, body.above_minor, body.preferred, body.route, body.source)
    return show_rule(paying.add_route_rule(caller(), body.currency.upper(), *asked))


@operation("POST", "/route-rules/{rule_id}/end", schemas.RouteRuleEndIn, schemas.RouteRuleOut)
def end_route_rule(rule_id: str, body: schemas.RouteRuleEndIn) -> dict[str, Any]:
    """Let a rule end with a day; statements issued under it keep their route."""
    rule = routes.find_rule(session(), rule_id)
    paying.end_route_rule(caller(), rule, body.to_date)
    return show_rule(rule)


def show_rule(rule: RouteRule) -> dict[str, Any]:
    """A rule as answered."""
    return {
        "id": rule.public_id,
        "currency": rule.currency,
        "from_date": rule.from_date.isoformat(),
        "to_date": rule.to_date.isoformat() if rule.to_date else None,
        "above_minor": rule.above_minor,
        "preferred": rule.preferred,
        "route": rule.route,
        "source": rule.source,
        "entered_at": iso(rule.entered_at),
    }
