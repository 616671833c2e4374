"""The machine and the programs a run was made with: without them a figure says nothing."""

import os
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter

from bench import wrk
from bench.databases import SERVER, Databases, administer
from bench.figures import Figures
from campaigns.db import journal_mode, sqlite_module

LIBRARIES = ("flask", "granian", "uvloop", "sqlalchemy", "psycopg")
SYNCS = 100


def facts(databases: Databases) -> Figures:
    """What a reader needs to know before comparing."""
    found: Figures = {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": platform.platform(terse=True),
        "sync_ms": sync_ms(databases.home),
        "python": platform.python_version(),
        **{library: version(library) for library in LIBRARIES},
        "sqlite": f"{sqlite_module().sqlite_version}, journal {journal_mode()}, synchronous FULL",
        "wrk": wrk.version(),
    }
    if os.environ.get(SERVER):
        found["postgresql"] = f"{administer('SHOW server_version')}, fsync {administer('SHOW fsync')}"
    return found


def sync_ms(folder: Path) -> float:
    """What it takes to have 4 KiB on the disk for good: the floor under every commit that nothing shares."""
    taken = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            started = perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            taken.append(perf_counter() - started)
    (folder / "sync").unlink()
    return round(median(taken) * 1000, 2)


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
