"""A brand's front door: what runs now with today's and all figures, what is to come, and what is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import joinedload

from campaigns.blueprints import access, charts
from campaigns.blueprints.brand_waiting import needs
from campaigns.blueprints.context import now, session
from campaigns.models import Campaign, Document, Participation, User
from campaigns.money import exponent
from campaigns.settlement.close import TOOK_PART
from campaigns.settlement.daily import Day, daily
from campaigns.settlement.figures import Figures, figures_of_all, total
from campaigns.settlement.returns import as_times, kept_sales_minor, sales_per_cost_bps

RUNNING = ("live", "ended", "reconciling")
TO_COME = ("draft", "recruiting", "ready")
NEWEST_PAPERS = 5


@dataclass(frozen=True)
class Sold:
    """A campaign, or one influencer's part of it: what was sold and what it costs."""

    name: str
    figures: Figures

    @property
    def sales_minor(self) -> int:
        """The sales left after what was given back."""
        return kept_sales_minor(self.figures)

    @property
    def times(self) -> str:
        """How many times the cost was sold; "" where nothing is to be paid."""
        ratio_bps = sales_per_cost_bps(self.figures)
        return as_times(ratio_bps) if ratio_bps is not None else ""


@dataclass(frozen=True)
class Running:
    """A campaign that sells, or that is being settled."""

    campaign: Campaign
    whole: Sold
    today: Day
    people: list[Sold]
    days: list[Day]
    panels: list[Any]

    @property
    def unit_minor(self) -> int:
        """One of the currency's own unit, for which the return is told."""
        return int(10 ** exponent(self.campaign.currency))


def front_door(user: User) -> dict[str, Any]:
    """Everything of the page."""
    newest = access.campaigns_for(user).options(joinedload(Campaign.shop)).order_by(Campaign.starts_at.desc())
    places = list(session().scalars(newest))
    found = figures_of_all(session(), [place.id for place in places])
    wholes = {
        place.id: Sold(place.name, total(row for (owner, _), row in found.items() if owner == place.id))
        for place in places
    }
    going = sorted((one for one in places if one.status in RUNNING), key=lambda one: one.status != "live")
    return {
        "needs": needs(user, places),
        "running": [_running(user, place, wholes[place.id], found) for place in going],
        "to_come": [place for place in places if place.status in TO_COME],
        "past": [place for place in places if place.status not in RUNNING + TO_COME],
        "wholes": wholes,
        "papers": _newest_papers(user),
    }


def _running(user: User, place: Campaign, whole: Sold, found: dict[tuple[int, int], Figures]) -> Running:
    today = now().astimezone(ZoneInfo(place.timezone)).date()
    days = daily(session(), place.id, None, place.timezone, today)
    figures = {person: row for (owner, person), row in found.items() if owner == place.id}
    people = [Sold(one.influencer.name, figures.get(one.id, Figures())) for one in _people(user, place)]
    people.sort(key=lambda one: (-one.sales_minor, one.name))
    return Running(place, whole, _of(days, today), people, days, charts.panels(days, place.currency))


def _of(days: Sequence[Day], today: date) -> Day:
    """Today's counts; the last day also counts what came later, which is not today's."""
    return next((day for day in days if day.on == today), Day(today))


def _people(user: User, place: Campaign) -> list[Participation]:
    """Who took part; those who said no, or have not answered, stay between them and the agency."""
    mine = access.participations_for(user).where(
        Participation.campaign_id == place.id, Participation.status.in_(TOOK_PART)
    )
    return list(session().scalars(mine.options(joinedload(Participation.influencer))))


def _newest_papers(user: User) -> list[Document]:
    newest = access.documents_for(user).order_by(Document.id.desc()).limit(NEWEST_PAPERS)
    return list(session().scalars(newest))
