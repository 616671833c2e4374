"""The calendar: running and planned campaigns over a month or a quarter, and who is busy when."""

from datetime import date

from babel.dates import format_date
from flask import render_template, request
from flask.typing import ResponseReturnValue

from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session
from campaigns.errors import Unreadable
from campaigns.i18n import N_, current_language, iso
from campaigns.planning.matching.reading import days_of
from campaigns.planning.plans import YEARS
from campaigns.planning.schedule import Bar, Period, campaigns_in, lanes, month_of, people_in, quarter_of

VIEWS = {"month": N_("Month"), "quarter": N_("Quarter")}
DAY = 1


@blueprint.get("/calendar")
def calendar() -> ResponseReturnValue:
    """The period of a day, today's unless another is asked for."""
    today = now().date()
    on = _day(request.args.get("on", ""), today)
    view = "quarter" if request.args.get("view") == "quarter" else "month"
    period = quarter_of(on) if view == "quarter" else month_of(on)
    campaigns = campaigns_in(session(), period)
    before = date.fromordinal(period.columns[0].toordinal() - DAY)
    return render_template(
        "console/calendar.html",
        view=view,
        views=VIEWS,
        period=period,
        title=_title(period, view),
        today=period.column(today) if period.span.first <= today <= period.span.last else None,
        on=on,
        before=before if before.year in YEARS else None,
        after=period.next_first if period.next_first.year in YEARS else None,
        campaigns=[(one, lanes(period, [Bar(days_of(one), one.status, one)])) for one in campaigns],
        people=people_in(session(), period),
    )


def _day(text: str, today: date) -> date:
    if not text:
        return today
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Unreadable("a day is written as 2026-05-31") from error
    if day.year not in YEARS:
        raise Unreadable("a day is written as 2026-05-31")
    return day


def _title(period: Period, view: str) -> str:
    pattern = "QQQQ y" if view == "quarter" else "LLLL y"
    return iso(format_date(period.columns[0], pattern, locale=current_language()))
