"""What a statement says beside its lines: subtotals, the year so far, and how and when it is paid."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.ids import masked
from campaigns.models import Influencer, Statement
from campaigns.settlement.paying.remittance import ending
from campaigns.settlement.payslips import handed_over_by
from campaigns.settlement.yearly.paid import ZONE, payments_of


def as_told(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines as they are frozen: an order's number is told as its influencer sees it everywhere, also in the data.

    Whoever may see the whole number finds it by the id that a line has of its order or contact.
    """
    return [
        {name: value for name, value in line.items() if name != "order_number"} | {"order_ref": reference(line)}
        for line in lines
    ]


def reference(line: Mapping[str, Any]) -> str:
    """How a frozen line names its order to the payee; those of older statements hold the whole number too.

    >>> reference({"order_ref": "•••42"}), reference({"order_number": "#1042"}), reference({"order_number": ""})
    ('•••42', '•••42', '')
    """
    number = line.get("order_number", "")
    return str(line["order_ref"]) if "order_ref" in line else masked(number) if number else ""


def statement_facts(
    session: Session,
    influencer: Influencer,
    currency: str,
    lines: Sequence[dict[str, Any]],
    due_minor: int,
    route: str,
    on: date,
) -> dict[str, Any]:
    """Facts of one statement about to be issued, dated `on`."""
    return {
        "subtotals": subtotals(lines),
        "year_to_date": _year_to_date(session, influencer.id, currency, due_minor, on.year),
        "payment": {
            "account_ending": ending(influencer.bank_account),
            # Only a payslip has a day by law; a batch is prepared when there is something to pay.
            "planned_on": handed_over_by(on).isoformat() if route == "payslip" else None,
        },
    }


def subtotals(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What each campaign adds, in the order of the lines.

    >>> subtotals([{"campaign": "A", "commission_minor": 5}, {"campaign": "B", "commission_minor": -2}])
    [{'campaign': 'A', 'lines': 1, 'commission_minor': 5}, {'campaign': 'B', 'lines': 1, 'commission_minor': -2}]
    """
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        sums[line["campaign"]][0] += 1
        sums[line["campaign"]][1] += line["commission_minor"]
    return [{"campaign": name, "lines": count, "commission_minor": amount} for name, (count, amount) in sums.items()]


def _year_to_date(session: Session, influencer_id: int, currency: str, due_minor: int, year: int) -> dict[str, int]:
    """Of the calendar year: what statements came to, this one in it, and what was paid."""
    mine = select(Statement.amount_minor, Statement.issued_at).filter_by(influencer_id=influencer_id, currency=currency)
    stated = [amount for amount, issued_at in session.execute(mine) if _year(issued_at) == year]
    paid = [one for one in payments_of(session, influencer_id) if one.on.year == year and one.currency == currency]
    return {
        "year": year,
        "statements": len(stated) + 1,
        "stated_minor": sum(stated) + due_minor,
        "paid_minor": sum(one.amount_minor for one in paid),
    }


def _year(moment: datetime) -> int:
    return moment.astimezone(ZoneInfo(ZONE)).year
