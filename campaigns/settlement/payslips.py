"""Payslips: statements of an influencer on that route, paid as wages of the month.

A payslip pays every statement no payslip has paid yet, so a negative one lowers the next of the same brand; while a
brand's statements sum to nothing they wait, and where no brand's sum is positive there is no slip. Deductions go to
the tax account, the rest stays due until paid out.
Layout and items follow the Wage Protection Law 1958, s. 24 and its schedule.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import extract, or_, select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.commissions.ledger import Leg, post
from campaigns.deductions.certificates import coordination_on, insurance_coordination_on
from campaigns.deductions.engine import work_out
from campaigns.deductions.entered import tables
from campaigns.deductions.facts import Earlier, Facts
from campaigns.deductions.frozen import frozen_facts
from campaigns.deductions.running_out import shown_by
from campaigns.deductions.schemes import Scheme, scheme_of
from campaigns.deductions.tables import Tables
from campaigns.deductions.worked_out import WorkedOut
from campaigns.documents.issue import contents_of, issue
from campaigns.models import (
    Campaign,
    Influencer,
    Participation,
    PayoutStatement,
    PayrollOrderStatement,
    Payslip,
    PayslipStatement,
    Statement,
)
from campaigns.money import LARGEST_MINOR, spread
from campaigns.settlement.wallets.wallets import NO_BRAND, brand_of, hold_dues

IN_COLUMNS = ("income_tax", "national_insurance", "health_insurance", "employer_national_insurance")
PAY_DAY = 9  # of the following month: when a slip must have been handed over


def issue_payslip(
    session: Session, influencer: Influencer, currency: str, agency: dict[str, str], on: date, now: datetime
) -> Payslip | None:
    """Pay the influencer's unpaid statements by a slip dated `on`; None where they sum to nothing or less.

    None too where the agency pays slips through a provider (payroll_orders.py).

    Raises MissingTableRow where a table has no row for the day, or no scheme holds for the payee.
    """
    if agency.get("payroll_provider"):
        return None  # it is handed over with the next order to the provider
    hold_dues(session)
    statements = worth_paying(session, unpaid_statements(session, influencer.id, currency))
    gross = sum(statement.amount_minor for statement in statements)
    if gross <= 0:
        return None
    earlier = _earlier(session, influencer.id, currency, on)
    scheme, known = scheme_of(influencer.deduction_scheme, influencer.country, "payslip", on), tables(session)
    facts = facts_of(session, influencer, scheme, gross, currency, on, earlier)
    worked_out = work_out(scheme, facts, known)
    amounts = worked_out.amounts
    heading = _heading(session, influencer, currency, agency, on, now) | {
        "minimum_wage": _minimum_wage(scheme, known, on)
    }
    contents = {
        **heading,
        "facts": heading["facts"] | frozen_facts(facts),
        "payments": [_payment(session, statement) for statement in statements],
        **worked_out.as_contents(),
        "year_to_date": _year_to_date(earlier, on, worked_out),
    }
    document = issue(
        session, "payslip", contents, influencer.language, now, on.year, influencer_id=influencer.id,
        campaign_id=statements[-1].campaign_id, participation_id=statements[-1].participation_id,
    )  # fmt: skip
    payslip = Payslip(
        document_id=document.id,
        influencer_id=influencer.id,
        pay_date=on,
        currency=currency,
        gross_minor=gross,
        net_minor=worked_out.net_minor,
        scheme=scheme.code,
        amounts=amounts,
        **{f"{code}_minor": amounts.get(code, 0) for code in IN_COLUMNS},
    )
    session.add(payslip)
    session.flush()
    session.add_all(PayslipStatement(statement_id=row.id, payslip_id=payslip.id) for row in statements)
    withheld, employer = gross - worked_out.net_minor, worked_out.employer_cost_minor - gross
    legs = withheld_legs(influencer.id, currency, withheld, employer, statements)
    post(session, "payslip", legs, now, document_id=document.id)
    return payslip


def withheld_legs(
    influencer_id: int, currency: str, withheld: int, employer: int, statements: Sequence[Statement]
) -> dict[Leg, int]:
    """What a slip, or its correction, takes off the payee's due and adds to the employer's charges, owed as tax."""
    return {
        **_withheld(influencer_id, currency, withheld, statements),
        Leg("employer_charges", 0, currency): employer,
        Leg("withheld_tax", 0, currency): -withheld - employer,
    }


def worth_paying(session: Session, statements: Sequence[Statement]) -> list[Statement]:
    """Those of brands whose statements sum to something: what one brand takes back lowers no other brand's pay."""
    brands = brand_of(session, {one.campaign_id for one in statements if one.campaign_id is not None})
    sums: dict[int, int] = defaultdict(int)
    for one in statements:
        sums[brands.get(one.campaign_id or 0, NO_BRAND)] += one.amount_minor
    return [one for one in statements if sums[brands.get(one.campaign_id or 0, NO_BRAND)] > 0]


def _withheld(influencer_id: int, currency: str, amount: int, statements: Sequence[Statement]) -> dict[Leg, int]:
    """What is withheld, spread over the campaigns that earned it, so that each brand's due stays its own."""
    earned: dict[int | None, int] = defaultdict(int)
    for one in statements:
        earned[one.campaign_id] += one.amount_minor
    parts = spread(amount, list(earned.values()))
    return {
        Leg("influencer_due", influencer_id, currency, campaign): part
        for campaign, part in zip(earned, parts, strict=True)
    }


def unpaid_statements(session: Session, influencer_id: int, currency: str) -> list[Statement]:
    """Statements on the payslip route that no payslip, payout or order to a provider has taken, oldest first."""
    return list(
        session.scalars(
            select(Statement)
            .join(Influencer, Influencer.id == Statement.influencer_id)
            .where(
                Statement.influencer_id == influencer_id,
                Statement.currency == currency,
                # Statements issued before routes were settled with them go by their payee's preference.
                or_(Statement.route == "payslip", (Statement.route == "") & (Influencer.payee_route == "payslip")),
                Statement.id.not_in(select(PayslipStatement.statement_id)),
                Statement.id.not_in(select(PayoutStatement.statement_id)),
                Statement.id.not_in(select(PayrollOrderStatement.statement_id)),
            )
            .order_by(Statement.id)
        )
    )


def facts_of(
    session: Session,
    influencer: Influencer,
    scheme: Scheme,
    gross_minor: int,
    currency: str,
    on: date,
    earlier: Sequence[Payslip] = (),
) -> Facts:
    """What decides this person's deductions; `earlier` are their slips of the same year."""
    steps = coordination_on(session, influencer, on)
    return Facts(
        on=on,
        gross_minor=gross_minor,
        currency=currency,
        credit_points=None if influencer.credit_points is None else Decimal(influencer.credit_points),
        second_employer=influencer.second_employer,
        coordination=tuple((step["upto_minor"], step["rate_bps"]) for step in steps),
        reduced_part_minor=_reduced_part(insurance_coordination_on(session, influencer, on)),
        cumulative=influencer.cumulative,
        months_worked=_months_of_the_year(employment_start(session, influencer, on), on),
        this_month=_together([slip for slip in earlier if slip.pay_date.month == on.month], scheme),
        this_year=_together(earlier, scheme),
    )


def _months_of_the_year(start: date, on: date) -> int:
    """How many months of the tax year they have been employed, this one included.

    >>> in_may = date(2026, 5, 31)
    >>> [_months_of_the_year(date(year, 3, 15), in_may) for year in (2025, 2026, 2027)]
    [5, 3, 1]
    """
    first = start.month if start.year == on.year else 1
    return 1 if start > on else on.month - first + 1


def _reduced_part(steps: Sequence[dict[str, Any]]) -> int | None:
    """How much of the reduced-rate step an insurance coordination leaves here: its first bound, all of it without."""
    if not steps:
        return None
    upto = steps[0]["upto_minor"]
    return LARGEST_MINOR if upto is None else int(upto)


def _together(slips: Sequence[Payslip], scheme: Scheme) -> Earlier | None:
    """What earlier slips came to together, by the lines of the scheme that is used now."""
    if not slips:
        return None
    gross = sum(slip.gross_minor for slip in slips)
    return Earlier(gross, {code: sum(amount_of(slip, code) for slip in slips) for code in scheme.codes})


def amount_of(slip: Payslip, code: str) -> int:
    """What a line of a slip came to. Slips from before there were schemes have theirs in columns."""
    return int(slip.amounts[code] if code in slip.amounts else getattr(slip, f"{code}_minor", 0))


def _earlier(session: Session, influencer_id: int, currency: str, on: date) -> list[Payslip]:
    """Their slips of the tax year so far; corrections are among them, with the differences of their slip's own day."""
    return list(
        session.scalars(
            select(Payslip)
            .where(
                Payslip.influencer_id == influencer_id,
                Payslip.currency == currency,
                extract("year", Payslip.pay_date) == on.year,
            )
            .order_by(Payslip.id)
        )
    )


def _payment(session: Session, statement: Statement) -> dict[str, Any]:
    campaign = session.get(Campaign, statement.campaign_id) if statement.campaign_id else None
    contents = contents_of(statement.document)
    own = contents["totals"]
    plain = own["commission_minor"] == statement.amount_minor
    return {
        "code": "101",
        "description": f"{campaign.name if campaign else ''} · {statement.document.number}",
        "base_minor": own["sales_minor"] - own["refunded_minor"] if plain else None,
        "rate_bps": contents["influencer_rate_bps"] if plain else None,
        "amount_minor": statement.amount_minor,
    }


def _heading(
    session: Session,
    influencer: Influencer,
    currency: str,
    agency: dict[str, str],
    on: date,
    now: datetime,
) -> dict[str, Any]:
    start = employment_start(session, influencer, on)
    last = on.replace(day=monthrange(on.year, on.month)[1])
    return {
        "issued_at": iso(now),
        "currency": currency,
        "timezone": "Asia/Jerusalem",
        "employer": agency,
        "employee": {
            "id": influencer.public_id,
            "name": influencer.name,
            "id_number": influencer.id_number,
            "employment_start": start.isoformat(),
            "seniority_months": max(0, (on.year - start.year) * 12 + on.month - start.month),
            "pay_basis": "commission",
        },
        "period": f"{on:%Y-%m}",
        "period_start": on.replace(day=1).isoformat(),
        "period_end": last.isoformat(),
        "pay_date": handed_over_by(on).isoformat(),
        "facts": {
            "credit_points": influencer.credit_points,
            "second_employer": influencer.second_employer,
            "no_form_101": influencer.credit_points is None and not influencer.second_employer,
        },
        "bank": {
            "bank": influencer.bank_code,
            "branch": influencer.bank_branch,
            "account": influencer.bank_account,
        }
        if influencer.bank_account
        else None,
        "vacation_balance": "0.00",
        "sickness_balance": "0.00",
    }


def _minimum_wage(scheme: Scheme, known: Tables, on: date) -> dict[str, int] | None:
    """What a slip has to say of it, where the scheme's country has a table of it."""
    named = [name for name in shown_by(scheme) if known.rows(name)]
    if not named:
        return None
    wage = known.row(named[0], on).values
    return {"month_minor": wage["month_minor"], "hour_minor": wage["hour_minor"]}


def handed_over_by(on: date) -> date:
    """The day by which the payslip of a month must have been handed over.

    >>> handed_over_by(date(2026, 12, 10)).isoformat()
    '2027-01-09'
    """
    return on.replace(day=monthrange(on.year, on.month)[1]) + timedelta(days=PAY_DAY)


def employment_start(session: Session, influencer: Influencer, on: date) -> date:
    """The date given, else the day, where it ran, that the first campaign they took part in went live."""
    if influencer.employment_start:
        return influencer.employment_start
    first = session.execute(
        select(Campaign.starts_at, Campaign.timezone)
        .join(Participation, Participation.campaign_id == Campaign.id)
        .where(Participation.influencer_id == influencer.id, Campaign.launched_at.is_not(None))
        .order_by(Campaign.starts_at)
        .limit(1)
    ).first()
    return min(first.starts_at.astimezone(ZoneInfo(first.timezone)).date(), on) if first else on


def _year_to_date(earlier: Sequence[Payslip], on: date, worked_out: WorkedOut) -> dict[str, int]:
    this = {"gross": worked_out.gross_minor, "net": worked_out.net_minor, **worked_out.amounts}
    return {"year": on.year} | {
        f"{name}_minor": amount + sum(amount_of(slip, name) for slip in earlier) for name, amount in this.items()
    }
