"""The shapes of route rules in the JSON API."""

from datetime import date

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, Body, Day, MinorUnits


class RouteRuleIn(Body):
    currency: str
    from_date: Day = Field(description="The first day of a statement it holds for.")
    above_minor: MinorUnits = Field(description="Amounts above this go by `route`.")
    preferred: str = Field(description="The route it overrules: receipt, invoice or payslip.")
    route: str = Field(description="The one it asks for.")
    source: str = Field(description="Where it stands: a law, an order, an agreement. The payee reads it.")


class RouteRuleEndIn(Body):
    to_date: Day = Field(description="The last day it holds for.")


class RouteRuleOut(Answer):
    id: str
    currency: str
    from_date: date
    to_date: date | None
    above_minor: MinorUnits
    preferred: str
    route: str
    source: str
    entered_at: str


class RouteRuleList(Answer):
    items: list[RouteRuleOut]
    next: str | None
