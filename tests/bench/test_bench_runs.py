"""`make bench` in one short round of everything: its figures have the shape that is promised, and none is an error."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import wrk
from bench.databases import administer, available
from campaigns.supervise import ROOT
from tests.conftest import missing

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What a quick run wrote: on both databases, or on SQLite alone where PostgreSQL runs without fsync."""
    if not wrk.version():
        missing("wrk")
    home: Path = tmp_path_factory.mktemp("bench")
    durable = "postgresql" in available() and administer("SHOW fsync") == "on"
    kinds = [] if durable else ["--database", "sqlite"]
    command = [sys.executable, "-m", "bench", "--quick", "--output", str(home / "bench.json"), *kinds]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "DATA_DIR": str(home)}, check=True)
    return json.loads((home / "bench.json").read_text())


@pytest.mark.parametrize("lane", ["redirect", "webhook"])
def test_a_lane_has_its_ratio_and_its_p99(told: Any, lane: str):
    assert all(figures["ratio"] > 0 and figures["p99_ms"] > 0 for figures in told[lane].values())
    assert "sqlite" in told[lane]


def test_growth_and_closing_have_one_number_each(told: Any):
    growth = told["growth"]
    assert min(growth["click"], growth["order"], growth["stats_page"], told["closing"]["ratio"]) > 0


def test_growth_is_that_of_the_worse_database(told: Any):
    each = [figures["click"]["growth"] for figures in told["growth"]["databases"].values()]
    assert told["growth"]["click"] == max(each)


def test_the_product_is_never_compared_with_errors(told: Any):
    lanes = [figures for lane in ("redirect", "webhook") for figures in told[lane].values()]
    servers = [at["servers"] for figures in lanes for at in figures["connections"].values()]
    assert {server["errors"] for each in servers for server in each.values()} == {0}
