"""What somebody earned, currency by currency: today, in running campaigns, in all; and day by day."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from campaigns.blueprints.show import money
from campaigns.documents.charts import DayChart, earned_charts
from campaigns.models import Participation
from campaigns.settlement.earned_days import EarnedDay, earned_days
from campaigns.settlement.figures import Figures


@dataclass(frozen=True)
class Earned:
    """Commission in one currency, minor units before tax; never added to another's."""

    currency: str
    today: EarnedDay
    running_minor: int
    in_all_minor: int
    days: list[EarnedDay]
    panels: list[DayChart]


def earned(
    session: Session,
    mine: Sequence[Participation],
    running: Iterable[Participation],
    figures: Mapping[int, Figures],
    now: datetime,
) -> list[Earned]:
    """Every currency somebody takes part in; days are those of their newest campaign's place."""
    if not figures and not mine:
        return []
    days = earned_days(session, [one.id for one in mine], mine[0].campaign.timezone, now)
    in_all, of_running = _by_currency(mine, figures), _by_currency(running, figures)
    return [
        Earned(
            currency,
            days[currency][-1] if currency in days else EarnedDay(now.date()),
            of_running.get(currency, 0),
            in_all.get(currency, 0),
            days.get(currency, []),
            earned_charts(
                [(one.on, one.orders, one.commission_minor) for one in days.get(currency, [])],
                currency,
                partial(money, currency=currency),
            ),
        )
        for currency in sorted({*days, *in_all, *of_running})
    ]


def _by_currency(people: Iterable[Participation], figures: Mapping[int, Figures]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for one in people:
        if one.id in figures:
            sums[one.campaign.currency] += figures[one.id].commission_minor
    return dict(sums)
