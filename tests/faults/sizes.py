"""Two sizes of every long run: a small one within the suite, and the long one of `make faults`.

FAULT_ROUNDS sets the long size, FAULT_SEED repeats a run; the seed is printed, and pytest shows it where a test fails.
FAULT_LOG names a file that takes the seeds and figures of every run.
"""

import os
import random
from typing import Any

import pytest


def rounds(suite: int, long: int) -> Any:
    """Parametrise `rounds`: `suite` of them in every run, `long` (or FAULT_ROUNDS) under the marker `faults`."""
    many = int(os.environ.get("FAULT_ROUNDS", long))
    slow = [pytest.mark.faults, pytest.mark.timeout(60 + 30 * many)]
    return pytest.mark.parametrize("rounds", [suite, pytest.param(many, marks=slow, id=f"long-{many}")])


def seeded() -> random.Random:
    """Chance that can be had again."""
    seed = int(os.environ.get("FAULT_SEED", random.randrange(10**6)))
    told("FAULT_SEED", seed)
    return random.Random(seed)


def told(what: str, figure: object, **facts: object) -> None:
    """Say a figure of this run, so that it can be repeated and reported."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition("::")[2].partition(" ")[0]
    line = " ".join([f"{what}={figure}", *(f"{name}={fact}" for name, fact in facts.items()), test])
    print(line)  # noqa: T201 - pytest shows it where a test fails
    if path := os.environ.get("FAULT_LOG"):
        with open(path, "a", encoding="utf-8") as log:
            log.write(line + "\n")
