"""The language of schemes: what it works out, and that it never works out anything else."""

import ast
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.deductions.expressions import DEEPEST, NUMBER, STEPS, TRUTH, WORD, read_expression
from campaigns.errors import Unreadable

KINDS = {"gross": NUMBER, "points": NUMBER, "resident": TRUTH, "dealer": WORD, "coordination": STEPS}
VALUES = {"gross": Fraction(700), "points": Fraction("2.25"), "resident": True, "dealer": "exempt"}


def look_up(name: str):
    return Fraction("0.18") if name == "IL.vat:rate" else VALUES[name]


def number(text: str) -> Fraction:
    return read_expression(text, KINDS, NUMBER).value(look_up)


def truth(text: str) -> bool:
    return read_expression(text, KINDS, TRUTH).value(look_up)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("gross - points * 2", "695.5"),
        ("(gross - 100) / 3", 200),
        ("gross − 1 × 2 ÷ 4", "699.5"),
        ("2 - 3 - 4", -5),
        ("-gross + 1", -699),
        ("min(gross, 500, max(points, 3))", 3),
        ("gross * IL.vat:rate", 126),
        ("0.1 + 0.2", "0.3"),
    ],
)
def test_numbers_come_out_exactly(text, value):
    assert number(text) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("resident", True),
        ("not resident or gross > 699", True),
        ("not (resident or gross > 699)", False),
        ("resident and dealer = 'exempt'", True),
        ("dealer != 'exempt'", False),
        ("not dealer = 'licensed'", True),
        ("gross >= 700 and gross <= 700 and gross = 700 and not gross < 700", True),
        ("dealer = 'licensed' or resident and gross != 700", False),
    ],
)
def test_conditions_hold_or_not(text, holds):
    assert truth(text) is holds


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "grss", "gross gross", "gross +", "(gross", "gross)", "min()", "min gross", "gross ** 2",
        "gross // 2", "gross % 2", "gross.real", "gross[0]", "__import__('os')", "lambda: gross",
        "gross if resident else 1", "1e5", "0x10", "abs(gross)", "max", "gross; gross", "'a' + 'b'", "resident + 1",
        "gross and resident", "not gross", "dealer", "dealer < 'x'", "coordination", "gross < 1 < 2", "1 = 1 = 1",
        "IL.vat", "IL.vat:", "Gross", "gröss", "٣", "'unclosed", "True", "None", 'dealer = "exempt"', "\x00", 5, None,
        ["gross"],
    ],
)  # fmt: skip
def test_anything_else_is_refused_when_it_is_read(text):
    with pytest.raises(Unreadable):
        read_expression(text, KINDS, NUMBER)


def test_an_expression_of_the_wrong_kind_is_refused():
    with pytest.raises(Unreadable, match="this is a truth, not a number"):
        read_expression("resident", KINDS, NUMBER)
    with pytest.raises(Unreadable, match="this is a number, not a truth"):
        read_expression("gross", KINDS, TRUTH)


def test_nesting_has_an_end():
    deep = "(" * (DEEPEST - 1) + "gross" + ")" * (DEEPEST - 1)
    assert number(deep) == 700
    with pytest.raises(Unreadable, match="nested"):
        number(f"(({deep}))")
    with pytest.raises(Unreadable, match="characters"):
        number("gross" + " + 1" * 200)


def test_dividing_by_nothing_is_refused():
    with pytest.raises(Unreadable, match="divides by nothing"):
        number("gross / (points - 2.25)")


def test_what_a_condition_does_not_need_is_not_looked_up():
    asked: list[str] = []

    def noted(name: str):
        asked.append(name)
        return VALUES[name]

    assert read_expression("resident or gross > 0", KINDS, TRUTH).value(noted) is True
    assert asked == ["resident"]


def test_an_expression_names_the_figures_it_needs():
    assert read_expression("min(gross, IL.vat:rate)", KINDS, NUMBER).figures() == {"IL.vat:rate"}


PIECES = ["gross", "points", "resident", "dealer", "'exempt'", "(", ")", "+", "-", "*", "/", "<", "=", ",", "min",
          "max", "and", "or", "not", "1", "0.5", "IL.vat:rate", ".", "__class__", "lambda", "[",
          "]", "import"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join) | st.text(max_size=30))
def test_a_text_is_refused_or_comes_to_a_value_of_its_kind(text: str):
    for kind, type_ in ((NUMBER, Fraction), (TRUTH, bool)):
        try:
            expression = read_expression(text, KINDS, kind)
        except Unreadable:
            continue
        try:
            assert isinstance(expression.value(look_up), type_)
        except Unreadable as refused:
            assert "divides by nothing" in str(refused)


sums = st.recursive(
    st.sampled_from(["gross", "points", "7", "0.5"]),
    lambda parts: (
        st.tuples(parts, st.sampled_from("+-*"), parts).map(lambda three: "({} {} {})".format(*three))
        | st.tuples(st.sampled_from(["min", "max"]), parts, parts).map(lambda three: "{}({}, {})".format(*three))
    ),
    max_leaves=8,
)


@given(sums)
def test_sums_are_what_python_makes_of_them(text: str):
    wanted = _by_python(ast.parse(text, mode="eval").body)

    assert number(text) == wanted


def _by_python(node: ast.expr) -> Fraction:
    """The same text by Python's own grammar, so that precedence is not proved by itself."""
    match node:
        case ast.Name(id=name):
            return VALUES[name]
        case ast.Constant():
            return Fraction(str(node.value))
        case ast.Call(func=ast.Name(id=name)):
            return {"min": min, "max": max}[name](_by_python(one) for one in node.args)
        case ast.BinOp():
            left, right = _by_python(node.left), _by_python(node.right)
            return {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}[type(node.op)]
    raise AssertionError(ast.unparse(node))
