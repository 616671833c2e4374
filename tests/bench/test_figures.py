"""Medians, ratios and growth of the benchmarks, with numbers a person can check."""

from pathlib import Path
from typing import Any

from bench.figures import GROWING, add, growth_figures, keep, lane_figures, read, refused
from bench.papers import Cost, paper_figures
from bench.tables import every_table
from bench.wrk import Load


def loads(*rates: float, errors: int = 0) -> list[Load]:
    return [Load(3, rate, 1.0, 2.0, errors, went_out=False) for rate in rates]


def lane(errors: int = 0) -> dict[str, Any]:
    """Round by round the product reaches 0.80, 0.25 and 0.90 of bare Flask."""
    ours = loads(80, 100, 180, errors=errors)
    return lane_figures({32: {"bare": loads(100, 400, 200), "plain": loads(10, 10, 10), "ours": ours}})


def grown(fewest_ms: float, most_ms: float) -> dict[str, Any]:
    return growth_figures({what: {1_000: [fewest_ms], 10_000_000: [most_ms]} for what in GROWING})


def test_a_ratio_is_the_median_over_rounds_not_the_ratio_of_medians():
    assert lane()["ratio"] == 0.8  # the medians of the rates, 100 and 200, would give 0.5


def test_the_figure_named_first_is_the_one_at_32_connections():
    assert lane()["p99_ms"] == lane()["connections"]["32"]["servers"]["ours"]["p99_ms"] == 2.0


def test_growth_is_the_last_size_over_the_first():
    assert grown(2.0, 3.0)["click"] == {"growth": 1.5, "ms": {"1000": 2.0, "10000000": 3.0}}


def test_growth_of_both_databases_is_the_worse_one():
    told: dict[str, Any] = {}
    add(told, {"growth": {"databases": {"sqlite": grown(2.0, 2.5)}}})
    add(told, {"growth": {"databases": {"postgresql": grown(2.0, 3.0)}}})
    assert (told["growth"]["click"], told["closing"]) == (1.5, {"ratio": 1.5})


def test_one_database_measured_again_leaves_the_other_as_it_was():
    told = {"redirect": {"sqlite": lane(), "postgresql": lane()}}
    add(told, {"redirect": {"sqlite": {"ratio": 1.0}}})
    assert (told["redirect"]["sqlite"]["ratio"], told["redirect"]["postgresql"]["ratio"]) == (1.0, 0.8)


def test_growth_measured_when_less_was_asked_for_is_left_out(tmp_path: Path):
    told: dict[str, Any] = {"redirect": {"sqlite": lane()}}
    add(told, {"growth": {"databases": {"sqlite": grown(2.0, 2.5)}}})
    keep(tmp_path / "bench.json", told)
    assert read(tmp_path / "bench.json") == told
    del told["growth"]["databases"]["sqlite"][GROWING[-2]]
    keep(tmp_path / "bench.json", told)
    assert list(read(tmp_path / "bench.json")) == ["redirect"]


def test_a_load_with_errors_is_named():
    told = {"redirect": {"sqlite": lane(errors=2)}}
    assert refused(told) == ["redirect, sqlite, 32 connections, ours: 6 errors"]


def test_the_tables_show_the_ratio_in_bold():
    ((_, table),) = every_table({"redirect": {"sqlite": lane()}})
    assert "**0.80**" in table


def test_a_server_of_one_process_has_rows_of_its_own():
    ((_, table),) = every_table({"redirect": {"postgresql": lane(), "postgresql_one": lane()}})
    assert table.count("| PostgreSQL ") == table.count("| PostgreSQL, one process ") == 3


def papers() -> dict[str, Any]:
    """Three rounds in which the worker took 1.2, 1.5 and 1.1 of WeasyPrint's ten seconds."""
    taken = [(Cost(10.0, 200), Cost(seconds, 210)) for seconds in (12.0, 15.0, 11.0)]
    return {"papers": {"sqlite": paper_figures(taken, 32, 10_000)}}


def test_papers_have_the_median_of_their_rounds_ratios_and_the_highest_memory():
    told = papers()["papers"]["sqlite"]
    assert (told["ratio"], told["seconds"], told["peak_mib"]) == (
        1.2,
        {"bare": 10.0, "ours": 12.0},
        {"bare": 200, "ours": 210},
    )


def test_the_table_of_papers_has_a_row_a_database():
    ((heading, table),) = every_table(papers())
    assert heading == "Papers of a closing" and "| SQLite   | 10,000 |     32 |" in table
