"""The shapes of rates of exchange in the JSON API."""

from datetime import date

from pydantic import Field

from campaigns.blueprints.api.schemas import Answer, Body, Day


class RateIn(Body):
    from_currency: str = Field(description="One unit of this …")
    to_currency: str = Field(description="… is so many of that.")
    from_date: Day
    to_date: Day = Field(description="The last day it holds for.")
    rate_millionths: int = Field(description="3652100 is 3.6521.")
    source: str
    corrects: str = Field(default="", description="The id of the rate this one takes the place of.")


class RateOut(Answer):
    id: str
    from_currency: str
    to_currency: str
    from_date: date
    to_date: date
    rate_millionths: int
    source: str
    entered_at: str
    superseded_at: str | None


class RateList(Answer):
    items: list[RateOut]
    next: str | None
