"""Rates of exchange as staff enter them: with dates and a source, corrected by a further row, withdrawn, never changed.

Two live rates of a pair never share a day, so every order has one rate or none. Whoever enters one answers for it: it
stands in the audit log. The orders it concerns are judged anew at once, as many as fit into a moment; the worker does
the rest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.commissions.exchange import LARGEST_RATE, format_rate
from campaigns.db import lock_name
from campaigns.errors import Conflict, Invalid, Said, Unreadable
from campaigns.models import ExchangeRate
from campaigns.money import exponent
from campaigns.planning.audit import note
from campaigns.planning.plans import YEARS
from campaigns.tracking.repricing import judge_stale

LONGEST = timedelta(days=366)
LONGEST_SOURCE = 300


@dataclass(frozen=True)
class Rate:
    """What one unit of a currency is worth in another, in millionths, from a day to a day, both included."""

    from_currency: str
    to_currency: str
    from_date: date
    to_date: date
    rate_millionths: int
    source: str


def rates(session: Session) -> list[ExchangeRate]:
    """Every rate ever entered, the newest days first."""
    newest = (ExchangeRate.from_date.desc(), ExchangeRate.id.desc())
    return list(session.scalars(select(ExchangeRate).order_by(*newest)))


def enter_rate(session: Session, rate: Rate, user_id: int | None, key: bytes, now: datetime) -> ExchangeRate:
    """A further rate; raises Invalid for what is none, and Conflict where one of the pair holds on its days already."""
    _check(rate)
    _hold_pair(session, rate.from_currency, rate.to_currency)
    row = _add(session, rate, user_id, now)
    note(session, user_id, "rate.entered", f"rate:{row.public_id}", now, **_facts(rate))
    judge_stale(session, key, now)
    return row


def correct_rate(
    session: Session, former: ExchangeRate, rate: Rate, user_id: int | None, key: bytes, now: datetime
) -> ExchangeRate:
    """A rate in the place of one that was wrong, of the same pair; what that one converted is judged anew."""
    _check(rate)
    if (rate.from_currency, rate.to_currency) != (former.from_currency, former.to_currency):
        raise Invalid({"from_currency": [Said("a correction keeps the currencies: withdraw the rate instead")]})
    _hold_pair(session, rate.from_currency, rate.to_currency)
    _end(session, former, now)
    row = _add(session, rate, user_id, now)
    note(session, user_id, "rate.corrected", f"rate:{row.public_id}", now, was=former.public_id, **_facts(rate))
    judge_stale(session, key, now)
    return row


def withdraw_rate(session: Session, former: ExchangeRate, user_id: int | None, key: bytes, now: datetime) -> None:
    """End a rate that should not have been entered: what it converted is held back again."""
    _hold_pair(session, former.from_currency, former.to_currency)
    _end(session, former, now)
    note(session, user_id, "rate.withdrawn", f"rate:{former.public_id}", now)
    judge_stale(session, key, now)


def _check(rate: Rate) -> None:
    errors: dict[str, list[str]] = {}
    for name in ("from_currency", "to_currency"):
        try:
            exponent(getattr(rate, name))
        except Unreadable:
            errors[name] = [Said("must be an ISO 4217 code such as ILS")]
    if not errors and rate.from_currency == rate.to_currency:
        errors["to_currency"] = [Said("must be another currency")]
    if not 0 < rate.rate_millionths <= LARGEST_RATE:
        errors["rate"] = [Said("must be a number above zero, of at most six decimals")]
    if rate.to_date < rate.from_date:
        errors["to_date"] = [Said("must not be before the first day")]
    elif rate.to_date - rate.from_date >= LONGEST:
        errors["to_date"] = [Said("a rate holds for a year at most")]
    if not {rate.from_date.year, rate.to_date.year} <= set(YEARS):
        errors["from_date"] = [Said("must be in the years %(first)s to %(last)s", first=YEARS.start, last=YEARS[-1])]
    if not rate.source.strip():
        errors["source"] = [Said("is missing")]
    elif len(rate.source.strip()) > LONGEST_SOURCE:
        errors["source"] = [Said("has more than %(most)s characters", most=LONGEST_SOURCE)]
    if errors:
        raise Invalid(errors)


def _hold_pair(session: Session, from_currency: str, to_currency: str) -> None:
    """Two who enter rates of a pair at once wait for each other, or both would find its days free."""
    lock_name(session, f"rates:{from_currency}:{to_currency}")


def _add(session: Session, rate: Rate, user_id: int | None, now: datetime) -> ExchangeRate:
    for other in _overlapping(session, rate):
        raise Conflict(
            Said(
                "a rate of %(one)s in %(other)s is entered from %(first)s to %(last)s already: correct that one",
                one=rate.from_currency,
                other=rate.to_currency,
                first=other.from_date.isoformat(),
                last=other.to_date.isoformat(),
            )
        )
    row = ExchangeRate(
        from_currency=rate.from_currency,
        to_currency=rate.to_currency,
        from_date=rate.from_date,
        to_date=rate.to_date,
        rate_millionths=rate.rate_millionths,
        source=rate.source.strip(),
        entered_by_user_id=user_id,
        entered_at=now,
    )
    session.add(row)
    session.flush()
    return row


def _overlapping(session: Session, rate: Rate) -> Iterable[ExchangeRate]:
    return session.scalars(
        select(ExchangeRate).where(
            ExchangeRate.from_currency == rate.from_currency,
            ExchangeRate.to_currency == rate.to_currency,
            ExchangeRate.superseded_at.is_(None),
            ExchangeRate.from_date <= rate.to_date,
            ExchangeRate.to_date >= rate.from_date,
        )
    ).all()


def _end(session: Session, former: ExchangeRate, now: datetime) -> None:
    session.flush()
    live = (ExchangeRate.id == former.id) & ExchangeRate.superseded_at.is_(None)
    ended = session.execute(update(ExchangeRate).where(live).values(superseded_at=now))
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise Conflict("this rate was corrected or withdrawn before")
    session.refresh(former)


def _facts(rate: Rate) -> dict[str, str]:
    return {
        "pair": f"{rate.from_currency} {rate.to_currency}",
        "days": f"{rate.from_date.isoformat()} {rate.to_date.isoformat()}",
        "rate": format_rate(rate.rate_millionths),
        "source": rate.source.strip(),
    }
