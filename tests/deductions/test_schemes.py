"""Schemes as data: what is shipped fits together, what is malformed is refused by its line, what is new just works."""

import json
from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest

from campaigns.deductions.reading import MalformedScheme, read_scheme
from campaigns.deductions.rules import StepsRule, TableRule
from campaigns.deductions.schemes import FOLDER, MissingScheme, scheme, scheme_for, scheme_of, schemes
from campaigns.deductions.tables import VERIFIED, Row, shipped
from campaigns.errors import Invalid, Unreadable
from campaigns.i18n import LANGUAGES, gettext, speaking
from tests.deductions.working import earlier, paid

MAY = date(2026, 5, 31)
WRITTEN = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}

# A country nobody thought of: 10 % social fund up to 1,000.00, income tax by a table less 20.00 a child, in tens.
NEW = {
    "code": "XX.employee",
    "version": 3,
    "name": "A made-up country",
    "countries": ["XX"],
    "routes": ["payslip"],
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
    "currency": "EUR",
    "facts": {"children": "number", "church": "truth", "region": "word"},
    "needs": [{"label": "A form", "met_if": "region != ''"}],
    "lines": [
        {
            "code": "fund", "label": "Fund", "side": "employee", "base": "gross", "basis": "month",
            "ceiling": "100000", "rule": {"rate": "0.1"}, "legal_ref": "s. 1",
        },
        {
            "code": "tax", "label": "Tax", "side": "employee", "base": "gross - fund", "basis": "month",
            "floor": "10000", "rule": {"table": "XX.tax"}, "credits": [{"units": "children", "each": "2000"}],
            "rounding": {"mode": "down", "quantum": 10}, "legal_ref": "s. 2",
        },
        {
            "code": "church_tax", "label": "Church tax", "side": "employee", "applies_if": "church and tax > 0",
            "base": "tax", "basis": "month", "rule": {"rate": "0.08"}, "legal_ref": "s. 3",
        },
        {
            "code": "stamp", "label": "Stamp", "side": "employer", "base": "gross", "basis": "payment",
            "minimum_base": "5000", "rule": {"amount": "min(150, gross)"}, "legal_ref": "s. 4",
        },
    ],
}  # fmt: skip
STEPS = {"steps": [{"upto_minor": 100000, "rate": "0.20"}, {"upto_minor": None, "rate": "0.40"}]}
TAX = shipped().with_entered([Row("XX.tax", date(2026, 1, 1), None, "gazette", VERIFIED, STEPS)])
OTHERS = {"children": Decimal(2), "church": True, "region": "north"}


def changed(line: int, **changes) -> dict:
    """The made-up scheme with other entries in one line; None takes an entry out."""
    written = deepcopy(NEW)
    entries = {**written["lines"][line], **changes}
    written["lines"][line] = {name: value for name, value in entries.items() if value is not None}
    return written


def worked(gross_minor: int, **changes):
    return paid(read_scheme(NEW), gross_minor, MAY, TAX, **{"currency": "EUR", "others": OTHERS, **changes})


def test_a_scheme_added_as_data_works_without_code():
    # fund 100.00 of 1,000.00; of 1,900.00 - 100.00: 1,000.00 x 20% + 800.00 x 40% - 2 x 20.00 = 480.00; 8 % of it
    amounts = worked(200000).amounts

    assert amounts == {"fund": 10000, "tax": 48000, "church_tax": 3840, "stamp": 150}
    assert worked(200000).net_minor == 200000 - 10000 - 48000 - 3840


def test_a_line_on_earlier_lines_of_the_month_counts_all_of_them():
    first = worked(50000)
    second = worked(150000, this_month=earlier(first))

    # The stamp is a matter of each payment.
    whole = worked(200000).amounts
    assert {code: minor + first.amounts[code] for code, minor in second.amounts.items()} == whole | {"stamp": 300}


def test_a_line_is_rounded_as_its_scheme_says():
    # (501.05 - 50.11 - 100.00) x 20% - 40.00 = 30.188, cut to tens of cents
    assert worked(50105).amounts["tax"] == 3010


def test_what_is_needed_is_asked_for_until_it_is_there():
    assert worked(1000).needs == ()
    assert worked(1000, others=OTHERS | {"region": ""}).needs == ("A form",)


@pytest.mark.parametrize("others", [{}, OTHERS | {"children": True}, OTHERS | {"height": Decimal(2)}])
def test_a_declared_fact_that_is_not_given_is_refused(others):
    with pytest.raises(Invalid):
        worked(1000, others=others)


@pytest.mark.parametrize(
    ("line", "changes", "told"),
    [
        (0, {"rule": {"rate": "0.1 * grss"}}, r"line 1 \(fund\): rule: .*unknown name 'grss'"),
        (0, {"base": "tax"}, "unknown name 'tax'"),  # a line below
        (1, {"base": "tax"}, "unknown name 'tax'"),  # the line itself
        (1, {"side": "state"}, r"line 2 \(tax\): side"),
        (1, {"basis": "week"}, "basis"),
        (1, {"rule": {"table": "tax"}}, "no name of a table"),
        (1, {"rule": {"table": "XX.tax", "rate": "0.1"}}, "table is not known|rate is not known|not known here"),
        (1, {"rule": {}}, "no rate, table, steps or amount"),
        (1, {"rule": {"steps": "credit_points", "above": "0"}}, "no list of steps"),
        (1, {"rounding": {"mode": "up", "quantum": 1}}, "rounding: 'up'"),
        (1, {"rounding": {"mode": "down", "quantum": 0}}, "quantum"),
        (1, {"rounding": {"mode": "down", "quantum": True}}, "quantum"),
        (1, {"credits": [{"units": "children"}]}, "each is missing"),
        (1, {"print": False}, "print"),
        (1, {"legal_ref": None}, "legal_ref is missing"),
        (1, {"label": " "}, "label is no text"),
        (1, {"formula": "x"}, "formula is not known here"),
        (1, {"code": "gross"}, "name of a fact"),
        (1, {"code": "Tax"}, "its code is no name"),
        (1, {"code": "fund", "label": "Fund", "base": "gross"}, "above always applies"),
        (2, {"applies_if": "tax"}, r"line 3 \(church_tax\): applies_if: .*a number, not a truth"),
        (2, {"applies_if": "__import__('os')"}, "applies_if"),
        (3, {"ceiling": 5000}, "ceiling"),
        (3, {"active": "no"}, "active is neither"),
    ],
)
def test_a_malformed_line_is_refused_and_named(line, changes, told):
    with pytest.raises(MalformedScheme, match=told) as refusal:
        read_scheme(changed(line, **changes))

    assert str(refusal.value).startswith("scheme XX.employee: line ")


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 0}, {"version": "1"}, {"valid_from": "soon"}, {"countries": "XX"}, {"lines": [5]}, {"status": "x"},
        {"facts": {"gross": "number"}}, {"facts": {"age": "years"}}, {"needs": [{"label": "A form"}]}, {"name": ""},
    ],
)  # fmt: skip
def test_a_malformed_scheme_is_refused_by_its_code(changes):
    with pytest.raises(MalformedScheme, match=r"scheme XX\.employee: "):
        read_scheme(NEW | changes)


def test_a_scheme_is_not_used_on_a_day_it_does_not_hold():
    with pytest.raises(Invalid, match="version 3"):
        paid(read_scheme(NEW), 1000, date(2027, 1, 1), TAX, currency="EUR", others=OTHERS)


def test_a_rate_that_does_not_end_is_refused():
    third = read_scheme(changed(0, rule={"rate": "1 / 3"}))

    with pytest.raises(Unreadable, match="can't be written"):
        paid(third, 1000, MAY, TAX, currency="EUR", others=OTHERS)


@pytest.mark.parametrize(
    ("country", "route", "code"),
    [
        ("IL", "payslip", "IL.employee"),
        ("IL", "invoice", "IL.supplier"),
        ("IL", "receipt", "IL.supplier"),
        ("DE", "invoice", "EU.freelancer"),
        ("RU", "receipt", "RU.npd"),
        ("US", "invoice", "US.contractor"),
    ],
)
def test_country_and_route_say_which_scheme_is_usual(country, route, code):
    assert scheme_for(country, route, MAY).code == code


def test_no_scheme_is_guessed():
    for country, route, on in (("RU", "payslip", MAY), ("FR", "payslip", MAY), ("IL", "payslip", date(2023, 12, 31))):
        with pytest.raises(MissingScheme, match=f"{country}, {route}"):
            scheme_for(country, route, on)
    with pytest.raises(MissingScheme, match=r"IL\.uncle"):
        scheme("IL.uncle")


def test_a_scheme_chosen_for_a_payee_wins_on_its_own_routes_only():
    assert scheme_of("RU.gph", "RU", "invoice", MAY).code == "RU.gph"
    assert scheme_of("", "RU", "invoice", MAY).code == "RU.npd"
    assert scheme_of("IL.supplier", "IL", "payslip", MAY).code == "IL.employee"


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_every_shipped_scheme_names_its_law_and_only_tables_there_are(written):
    read = read_scheme(written)
    wanted = {figure for line in read.lines for one in vars(line).values() for figure in _figures(one)}
    tables = {line.rule.table for line in read.lines if isinstance(line.rule, TableRule)}

    assert read in schemes()
    assert all(line.legal_ref for line in read.lines)
    assert tables <= set(shipped().names())
    for table, figure in (one.split(":") for one in wanted):
        assert figure == "top" or figure in shipped().rows(table)[-1].values


def _figures(part: object) -> set[str]:
    """The tables' figures in an expression, a rule or credits."""
    if hasattr(part, "figures"):
        return part.figures()
    if isinstance(part, tuple):
        return set().union(*(_figures(one) for one in part))
    named = vars(part).values() if hasattr(part, "__dataclass_fields__") else ()
    return set().union(*(_figures(one) for one in named))


def test_the_figures_of_a_certificates_rule_are_among_them():
    (first, *_) = scheme("IL.employee").lines

    assert isinstance(first.rule, StepsRule)
    assert _figures(first.rule) == {"IL.second_employer:income_tax_rate"}


@pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {"en"}))
def test_every_label_of_a_shipped_scheme_is_translated(language):
    said = [label for one in schemes() for label in (one.name, *one.labels.values())]
    said += [need.label for one in schemes() for need in one.needs]
    with speaking(language):
        assert [label for label in said if gettext(label) == label] == []
