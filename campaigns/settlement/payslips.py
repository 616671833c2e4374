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

from sqlalchemy import extract, or_, select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.commissions.ledger import Leg, post
from campaigns.deductions.payroll import PayFacts, deductions
from campaigns.deductions.payroll import Payslip as WorkedOut
from campaigns.deductions.tables import row as table_row
from campaigns.documents.issue import contents_of, issue
from campaigns.models import Campaign, Influencer, Participation, PayoutStatement, Payslip, PayslipStatement, Statement
from campaigns.money import spread
from campaigns.settlement.wallets.wallets import NO_BRAND, brand_of, hold_dues

DEDUCTIONS = ("income_tax", "national_insurance", "health_insurance")
EMPLOYER = "employer_national_insurance"
COUNTRY = "IL"
PAY_DAY = 9  # of the following month: when a slip must have been handed over


def issue_payslip(
    session: Session, influencer: Influencer, currency: str, agency: dict[str, str], on: date, now: datetime
) -> Payslip | None:
    """Pay the influencer's unpaid statements by a slip dated `on`; None where they sum to nothing or less.

    Raises MissingTableRow where a table has no row for the day.
    """
    hold_dues(session)
    statements = _worth_paying(session, unpaid_statements(session, influencer.id, currency))
    gross = sum(statement.amount_minor for statement in statements)
    if gross <= 0:
        return None
    earlier = _earlier(session, influencer.id, on)
    worked_out = deductions(facts_of(influencer, gross, on, earlier))
    amounts = {line.code: line.amount_minor for line in (*worked_out.lines, *worked_out.employer_lines)}
    contents = {
        **_heading(session, influencer, currency, agency, on, now),
        "payments": [_payment(session, statement) for statement in statements],
        **worked_out.as_contents(),
        "year_to_date": _year_to_date(earlier, on, gross, worked_out, amounts),
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
        **{f"{code}_minor": amount for code, amount in amounts.items()},
    )
    session.add(payslip)
    session.flush()
    session.add_all(PayslipStatement(statement_id=row.id, payslip_id=payslip.id) for row in statements)
    withheld, employer = gross - worked_out.net_minor, amounts[EMPLOYER]
    post(
        session,
        "payslip",
        {
            **_withheld(influencer.id, currency, withheld, statements),
            Leg("employer_charges", 0, currency): employer,
            Leg("withheld_tax", 0, currency): -withheld - employer,
        },
        now,
        document_id=document.id,
    )
    return payslip


def _worth_paying(session: Session, statements: Sequence[Statement]) -> list[Statement]:
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
    """Statements on the payslip route that neither a payslip nor a payout has paid, oldest first."""
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
            )
            .order_by(Statement.id)
        )
    )


def facts_of(influencer: Influencer, gross_minor: int, on: date, earlier: Sequence[Payslip] = ()) -> PayFacts:
    """What decides this person's deductions; `earlier` are their slips of the same year."""
    month = [slip for slip in earlier if slip.pay_date.month == on.month]
    taken = {code: sum(getattr(slip, f"{code}_minor") for slip in month) for code in (*DEDUCTIONS, EMPLOYER)}
    return PayFacts(
        country=COUNTRY,
        on=on,
        gross_minor=gross_minor,
        credit_points=None if influencer.credit_points is None else Decimal(influencer.credit_points),
        second_employer=influencer.second_employer,
        coordination=tuple((step["upto_minor"], step["rate_bps"]) for step in influencer.coordination),
        earlier_this_month=(sum(slip.gross_minor for slip in month), taken) if month else None,
    )


def _earlier(session: Session, influencer_id: int, on: date) -> list[Payslip]:
    return list(
        session.scalars(
            select(Payslip)
            .where(Payslip.influencer_id == influencer_id, extract("year", Payslip.pay_date) == on.year)
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
    session: Session, influencer: Influencer, currency: str, agency: dict[str, str], on: date, now: datetime
) -> dict[str, Any]:
    start = employment_start(session, influencer, on)
    wage = table_row(f"{COUNTRY}.minimum_wage", on).values
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
        "pay_date": (last + timedelta(days=PAY_DAY)).isoformat(),
        "facts": {
            "credit_points": influencer.credit_points,
            "second_employer": influencer.second_employer,
            "no_form_101": influencer.credit_points is None and not influencer.second_employer,
        },
        "minimum_wage": {"month_minor": wage["month_minor"], "hour_minor": wage["hour_minor"]},
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


def employment_start(session: Session, influencer: Influencer, on: date) -> date:
    """The date given, else the day the first campaign they took part in went live."""
    if influencer.employment_start:
        return influencer.employment_start
    first = session.scalar(
        select(Campaign.starts_at)
        .join(Participation, Participation.campaign_id == Campaign.id)
        .where(Participation.influencer_id == influencer.id, Campaign.launched_at.is_not(None))
        .order_by(Campaign.starts_at)
        .limit(1)
    )
    return min(first.date(), on) if first else on


def _year_to_date(
    earlier: Sequence[Payslip], on: date, gross: int, worked_out: WorkedOut, amounts: dict[str, int]
) -> dict[str, int]:
    this = {"gross": gross, "net": worked_out.net_minor, **amounts}
    return {"year": on.year} | {
        f"{name}_minor": amount + sum(getattr(slip, f"{name}_minor") for slip in earlier)
        for name, amount in this.items()
    }
