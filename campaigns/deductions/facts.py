"""What decides a payment's deductions: the amount, the day, and what is known of the payee.

Every scheme reads the same facts by their names; what a payee declared or a certificate says is taken, never derived.
A scheme that needs a fact nobody thought of declares it, and finds it in `others`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from campaigns.deductions.expressions import NUMBER, STEPS, TRUTH, WORD, Value
from campaigns.errors import Invalid
from campaigns.models.accounts import DEALERS
from campaigns.money import LARGEST_MINOR

CertificateSteps = tuple[tuple[int | None, int], ...]
Other = Decimal | bool | str

# The names a scheme's expressions may use, and what they are.
KINDS: dict[str, str] = {
    "gross": NUMBER,
    "form_101": TRUTH,
    "credit_points": NUMBER,
    "second_employer": TRUTH,
    "coordinated": TRUTH,
    "coordination": STEPS,
    "insurance_coordinated": TRUTH,
    "reduced_part": NUMBER,
    "cumulative": TRUTH,
    "months": NUMBER,
    "dealer": WORD,
    "withholding_agent": TRUTH,
    "certificate": TRUTH,
    "certificate_rate": NUMBER,
    "keeps_books": TRUTH,
    "resident": TRUTH,
    "receipt": TRUTH,
}


@dataclass(frozen=True)
class Earlier:
    """Earlier payments of the same month or year together: their gross, and by code what each line came to."""

    gross_minor: int
    taken: Mapping[str, int]


@dataclass(frozen=True)
class Facts:
    """The facts of one payment of `gross_minor`, without VAT, in minor units of `currency`.

    Of an employee. `credit_points` is the number declared on form 101; None means no form was given, which costs the
    flat rate. `coordination` are the steps of a tax certificate, `(upto_minor, rate_bps)` a month, lowest first.
    `reduced_part_minor` is the part of the reduced-rate step of insurance that a coordination leaves to this employer.
    `cumulative` withholds income tax on the year so far, of `months_worked` months (None: since January).

    Of a supplier. `dealer` is how they are registered for VAT; `withholding_agent` whether the payer has to withhold;
    `withholding_rate_bps` the rate of their certificate, None without one; `keeps_books` what counts without one.

    `this_month` and `this_year` sum up the payments there were before this one; None where this is the first.
    """

    on: date
    gross_minor: int
    currency: str = "ILS"
    credit_points: Decimal | None = None
    second_employer: bool = False
    coordination: CertificateSteps = ()
    reduced_part_minor: int | None = None
    cumulative: bool = False
    months_worked: int | None = None
    dealer: str = ""
    withholding_agent: bool = False
    withholding_rate_bps: int | None = None
    keeps_books: bool = False
    resident: bool = True
    receipt: bool = False
    this_month: Earlier | None = None
    this_year: Earlier | None = None
    others: Mapping[str, Other] = field(default_factory=dict)

    def named(self) -> dict[str, Value]:
        """The facts by the names of KINDS, exactly; `gross` and lists of steps are not among them."""
        months = self.on.month if self.months_worked is None else self.months_worked
        return {
            "form_101": self.credit_points is not None,
            "credit_points": Fraction(self.credit_points or 0),
            "second_employer": self.second_employer,
            "coordinated": bool(self.coordination),
            "insurance_coordinated": self.reduced_part_minor is not None,
            "reduced_part": Fraction(self.reduced_part_minor or 0),
            "cumulative": self.cumulative,
            "months": Fraction(months),
            "dealer": self.dealer,
            "withholding_agent": self.withholding_agent,
            "certificate": self.withholding_rate_bps is not None,
            "certificate_rate": Fraction(self.withholding_rate_bps or 0, 10_000),
            "keeps_books": self.keeps_books,
            "resident": self.resident,
            "receipt": self.receipt,
            **{name: _exact(value) for name, value in self.others.items()},
        }

    def steps(self, name: str) -> CertificateSteps:
        """A fact that is a list of steps."""
        return {"coordination": self.coordination}[name]


def check(facts: Facts) -> None:
    """Raise Invalid, by field, for facts that can't be."""
    within = "is zero or more, in minor units"
    bps = facts.withholding_rate_bps
    problems = {
        "gross_minor": _unless(_is_amount(facts.gross_minor), within),
        "credit_points": _unless(
            _are_points(facts.credit_points), "is a number from 0 to 100, with 4 decimals at most"
        ),
        "coordination": _unless(_are_steps(facts.coordination), "has steps of growing amounts and 0 to 10,000 bps"),
        "reduced_part_minor": _unless(facts.reduced_part_minor is None or _is_amount(facts.reduced_part_minor), within),
        "months_worked": _unless(facts.months_worked in {None, *range(1, 13)}, "is a number from 1 to 12"),
        "dealer": _unless(facts.dealer in {"", *DEALERS}, "is one of " + ", ".join(DEALERS)),
        "withholding_rate_bps": _unless(bps is None or 0 <= bps <= 10_000, "is from 0 to 10,000 bps"),
        "this_month": _unless(_is_earlier(facts.this_month), "has amounts of zero or more"),
        "this_year": _unless(_is_earlier(facts.this_year), "has amounts of zero or more"),
    }
    wrong = {name: reasons for name, reasons in problems.items() if reasons}
    if wrong:
        raise Invalid(wrong)


def _unless(holds: bool, reason: str) -> list[str]:
    return [] if holds else [reason]


def _exact(value: Other) -> Value:
    return Fraction(value) if isinstance(value, Decimal) else value


def _is_amount(minor: int) -> bool:
    return 0 <= minor <= LARGEST_MINOR


def _are_points(points: Decimal | None) -> bool:
    if points is None:
        return True
    return points.is_finite() and 0 <= points <= 100 and points == points.quantize(Decimal("0.0001"))


def _are_steps(steps: CertificateSteps) -> bool:
    bounds = [upto for upto, _ in steps]
    closed = [upto for upto in bounds if upto is not None]
    ascend = closed == sorted(set(closed)) and all(upto > 0 for upto in closed)
    return ascend and None not in bounds[:-1] and all(0 <= bps <= 10_000 for _, bps in steps)


def _is_earlier(earlier: Earlier | None) -> bool:
    if earlier is None:
        return True
    return _is_amount(earlier.gross_minor) and all(minor >= 0 for minor in earlier.taken.values())
