"""How these tests ask: facts of an employee in June 2026, and the amounts of what was worked out."""

from datetime import date
from decimal import Decimal

from campaigns.deductions.engine import work_out
from campaigns.deductions.facts import Earlier, Facts
from campaigns.deductions.schemes import Scheme, scheme
from campaigns.deductions.tables import Tables, shipped
from campaigns.deductions.worked_out import WorkedOut


def facts(**changes) -> Facts:
    """A resident employee with 2.75 credit points in June 2026."""
    usual = {"on": date(2026, 6, 30), "gross_minor": 843050, "credit_points": Decimal("2.75")}
    return Facts(**{**usual, **changes})


def slip(pay: Facts | None = None, tables: Tables | None = None, **changes) -> WorkedOut:
    """An Israeli payslip of these facts, or of the usual ones with changes."""
    return work_out(scheme("IL.employee"), pay or facts(**changes), tables or shipped())


def paid(code: str | Scheme, gross_minor: int, on: date, tables: Tables | None = None, **changes) -> WorkedOut:
    """A payment by another scheme."""
    used = scheme(code) if isinstance(code, str) else code
    return work_out(used, Facts(on=on, gross_minor=gross_minor, **changes), tables or shipped())


def earlier(*slips: WorkedOut) -> Earlier:
    """What a third payment is told about the two before it."""
    codes = slips[0].amounts
    taken = {code: sum(one.amounts[code] for one in slips) for code in codes}
    return Earlier(sum(one.gross_minor for one in slips), taken)
