"""A new row's figures: in the shape of its table, with steps that grow and rates that are rates."""

from typing import Any

import pytest

from campaigns.deductions.shapes import read_figures, shape_of
from campaigns.deductions.tables import shipped
from campaigns.errors import Invalid

STEPS = {"steps": [{"upto_minor": 770_300, "rate": "0.0104"}, {"upto_minor": None, "rate": "0.07"}]}


def refused(values: dict[str, Any], sent: dict[str, Any]) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as told:
        read_figures(values, sent)
    return told.value.errors


def test_every_shipped_row_would_be_taken_as_it_is():
    for name in shipped().names():
        for row in shipped().rows(name):
            typed = {figure.name: row.values[figure.name] for figure in shape_of(row.values)}
            read = read_figures(row.values, typed)
            assert read.keys() == row.values.keys(), name


def test_a_rate_is_kept_without_zeros_at_its_end():
    assert read_figures({"rate": "0.17"}, {"rate": "0.180"}) == {"rate": "0.18"}


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([{"upto_minor": 5, "rate": "0.1"}, {"upto_minor": 5, "rate": "0.2"}, {"upto_minor": None, "rate": "0"}],
         "step 2: the upper bound must be higher than the one before"),
        ([{"upto_minor": None, "rate": "0.1"}, {"upto_minor": None, "rate": "0.2"}], "step 1: the upper bound is"),
        ([{"upto_minor": 5, "rate": "0.1"}], "the last step has no upper bound"),
        ([{"upto_minor": None, "rate": "1.01"}], "step 1: the rate must be from 0% to 100%"),
        ([{"upto_minor": None, "rate": None}], "step 1: the rate is missing"),
        ([{"upto_minor": True, "rate": "0.1"}, {"upto_minor": None, "rate": "0.2"}], "step 1: the upper bound must"),
        ([], "must be a list of 1 to 20 steps"),
        ([7], "a step is an upper bound and a rate"),
    ],
)  # fmt: skip
def test_steps_that_are_none_are_refused_by_their_number(steps: list[Any], told: str):
    assert any(reason.startswith(told) for reason in refused(STEPS, {"steps": steps})["steps"])


@pytest.mark.parametrize("rate", ["-0.1", "1e-2", "NaN", "0.12345678", "", "ten", 0.1, None])
def test_what_is_no_rate_is_refused(rate: object):
    assert list(refused({"rate": "0.17"}, {"rate": rate})) == ["rate"]


def test_a_figure_too_many_and_one_too_few_are_both_told():
    wage = {"month_minor": 1, "hour_minor": 1}
    assert refused(wage, {"month_minor": 5, "week_minor": 5}) == {
        "hour_minor": ["is missing"], "week_minor": ["is no figure of this table"],
    }  # fmt: skip
