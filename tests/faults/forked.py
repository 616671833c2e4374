"""Processes of the product that begin where its modules are loaded already: a start takes a tenth of its time.

They are forked from a server that has imported them and nothing else: no database was opened there, no thread begun.
Each leads a process group of its own, so it can be killed with all its children.
"""

import importlib
import io
import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from campaigns import crash

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "pytest",
        "granian.cli",
        "psycopg",
        "weasyprint",
        "campaigns",
        "campaigns.jobs",
        "tests.faults.counting",
        "tests.faults.deeds",
        "tests.faults.forgetful",
    ]
)


def fork(work: Callable[..., Any], facts: Sequence[Any], environment: Mapping[str, str], log: Path) -> Any:
    """Start `work(*facts)` in a process of its own with this environment; what it says goes to `log`."""
    process = FORKS.Process(target=_begin, args=(work, tuple(facts), dict(environment), str(log)))
    process.start()
    return process


def _begin(work: Callable[..., Any], facts: tuple[Any, ...], environment: dict[str, str], log: str) -> None:
    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    # pytest's capture, if it was there at all, is not ours: what we say goes to the two above.
    sys.stdout, sys.stderr = (io.TextIOWrapper(os.fdopen(number, "wb", 0, closefd=False)) for number in (1, 2))
    os.environ.clear()
    os.environ.update(environment)
    importlib.reload(crash)  # it reads the environment once
    work(*facts)


def granian(command: Sequence[str]) -> None:
    """Be the web server of a command line `python -m granian …`."""
    from granian.cli import entrypoint

    multiprocessing.set_start_method("fork", force=True)  # as everywhere on Linux; a forked child inherits another
    sys.argv = ["granian", *command[3:]]
    entrypoint()
