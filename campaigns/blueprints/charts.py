"""The charts of a campaign's pages: its figures in the shape in which a report freezes them, so the same picture.

The pages' style sheet gives the drawing its colours, also in the dark.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from campaigns.blueprints.show import money
from campaigns.documents.charts import DayChart, RowChart, clicks_chart, day_charts, sales_chart
from campaigns.models import Participation
from campaigns.settlement.daily import Day
from campaigns.settlement.figures import Figures


def panels(days: Sequence[Day], currency: str) -> list[DayChart]:
    """Sales, orders and clicks per day, those of which there are any."""
    return day_charts([day.contents() for day in days], currency, partial(money, currency=currency))


def of_people(people: Iterable[Participation], figures: Mapping[int, Figures], currency: str) -> list[RowChart]:
    """What each participant sold, and what became of the clicks they brought; nothing where there was neither."""
    rows = [
        {"name": one.influencer.name, **figures[one.id].contents()}
        for one in people
        if one.id in figures and (figures[one.id].clicks or figures[one.id].orders)
    ]
    return [sales_chart(rows, currency, partial(money, currency=currency)), clicks_chart(rows)] if rows else []
