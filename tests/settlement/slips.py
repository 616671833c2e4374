"""Payslips of chosen amounts on chosen days: each pays a campaign of its own, at half of what is sold."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Brand, Influencer, Payslip, TableRow
from campaigns.planning import life
from campaigns.settlement.close import close
from campaigns.settlement.payslips import amount_of
from tests import factories

AFTER = factories.END + timedelta(days=20)
HALF = {"influencer_rate_bps": 5_000, "agency_rate_bps": 300, "base": "net"}
MAN = {"route": "payslip", "id_number": "039337423", "credit_points": "2.25"}
NAMES = ("income_tax", "national_insurance", "health_insurance", "employer_national_insurance")

_number = count(1)
# The steps of income tax as they were in 2025, and as the law of spring 2026 set them from January 2026 on.
OLD, NEW = (1_615_000, 2_244_000), (1_900_000, 2_510_000)


def agency() -> dict[str, str]:
    """The issuer of papers, from the settings."""
    named: dict[str, str] = current_app.extensions["settings"].agency()
    return named


def dan(session: Session, **changes: Any) -> Influencer:
    """A man who is paid by payslip, with 2.25 credit points."""
    return factories.influencer(session, name="Dan", payee={**MAN, **changes})


def slip(session: Session, person: Influencer, gross_minor: int, on: date, brand: Brand | None = None) -> Payslip:
    """His payslip of a day, for a campaign that earned him `gross_minor` and nothing before."""
    owner = brand or factories.brand(session)
    shop = factories.shop(session, brand=owner, domain=f"s{next(_number)}.example.com")
    made = factories.participation(
        session, campaign=factories.campaign(session, shop=shop, terms=dict(HALF)), influencer=person
    )
    life.launch(session, made.campaign, factories.BEFORE, "one is enough for this test")
    life.advance(session, made.campaign, factories.NOW)
    assert made.code is not None
    factories.order(session, shop=shop, code=made.code.code, net_minor=2 * gross_minor)
    life.advance(session, made.campaign, AFTER)
    close(session, made.campaign, agency(), on, AFTER, None, "a test may close over what is open")
    newest = select(Payslip).filter_by(influencer_id=person.id, corrects_id=None).order_by(Payslip.id.desc())
    return session.scalars(newest.limit(1)).one()


def income_tax_row(
    session: Session, bounds: tuple[int, int], first: date = date(2026, 1, 1), last: date | None = date(2026, 12, 31)
) -> TableRow:
    """A verified row of income tax with these upper bounds of the 20 % and the 31 % step."""
    upto = (701_000, 1_006_000, *bounds, 4_669_000, 6_013_000, None)
    rates = ("0.1", "0.14", "0.2", "0.31", "0.35", "0.47", "0.5")
    steps = [{"upto_minor": bound, "rate": rate} for bound, rate in zip(upto, rates, strict=True)]
    figures = {"steps": steps}
    return factories.table_row(session, table="IL.income_tax", figures=figures, first=first, last=last, verified=True)


def amounts(*rows: Payslip) -> dict[str, int]:
    """What the lines of some slips and corrections come to together, net and all."""
    sums = {name: sum(amount_of(row, name) for row in rows) for name in NAMES}
    return sums | {"net": sum(row.net_minor for row in rows)}
