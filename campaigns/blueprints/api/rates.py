"""Rates of exchange over the API."""

from typing import Any

from sqlalchemy import select

from campaigns.blueprints.access import rate_for
from campaigns.blueprints.api import rates_schemas as schemas
from campaigns.blueprints.api.api import caller, operation, page_of
from campaigns.blueprints.context import now, session, settings
from campaigns.clock import iso
from campaigns.models import ExchangeRate
from campaigns.planning import rates


@operation("GET", "/rates", answer=schemas.RateList, query=("cursor", "limit"))
def list_rates() -> dict[str, Any]:
    """Every rate of exchange ever entered, also those that were corrected or withdrawn."""
    return page_of(select(ExchangeRate), ExchangeRate.id, show_rate)


@operation("POST", "/rates", schemas.RateIn, schemas.RateOut, status=201)
def enter_rate(body: schemas.RateIn) -> dict[str, Any]:
    """Enter a rate, or correct one; the orders it concerns are judged anew. 409 where one holds on its days already."""
    asked = rates.Rate(
        body.from_currency, body.to_currency, body.from_date, body.to_date, body.rate_millionths, body.source
    )
    who = (caller().id, settings().identity_key, now())
    if not body.corrects:
        return show_rate(rates.enter_rate(session(), asked, *who))
    former = rate_for(session(), caller(), body.corrects)
    return show_rate(rates.correct_rate(session(), former, asked, *who))


def show_rate(rate: ExchangeRate) -> dict[str, Any]:
    """A rate as answered."""
    return {
        "id": rate.public_id,
        "from_currency": rate.from_currency,
        "to_currency": rate.to_currency,
        "from_date": rate.from_date.isoformat(),
        "to_date": rate.to_date.isoformat(),
        "rate_millionths": rate.rate_millionths,
        "source": rate.source,
        "entered_at": iso(rate.entered_at),
        "superseded_at": iso(rate.superseded_at) if rate.superseded_at else None,
    }
