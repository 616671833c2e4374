"""Two sizes of every long run: a small one within the suite, and the long one of `make faults`.

FAULT_ROUNDS sets the long size, FAULT_SEED repeats a run; the seed is printed, and pytest shows it where a test fails.
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
    print(f"FAULT_SEED={seed}")  # noqa: T201 - so that a failure can be repeated
    return random.Random(seed)
