"""From what was measured to what is told: medians, ratios within a round, and var/bench.json.

`ratio` is the product's requests a second over bare Flask's in the same round; `growth` a cost at the most rows over
the cost at the fewest. Where one number stands for both databases it is the worse one.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.sizes import READ_AT
from bench.wrk import Load

Figures = dict[str, Any]
Costs = Mapping[str, Mapping[int, Sequence[float]]]  # what was measured -> rows of clicks -> ms, round by round

PAGES = ("stats_page", "stats_page_of_grown_campaign") + tuple(
    f"busy_page_of_{reader}" for reader in ("agency", "brand", "influencer")
)
GROWING = ("click", "order", *PAGES, "closing")


def lane_figures(taken: Mapping[int, Mapping[str, Sequence[Load]]]) -> Figures:
    """The figures of one lane, from connections -> server -> loads round by round."""
    every = {str(connections): _at(loads) for connections, loads in taken.items()}
    read = every[str(READ_AT)]
    return {"ratio": read["ratio"], "p99_ms": read["servers"]["ours"]["p99_ms"], "connections": every}


def _at(loads: Mapping[str, Sequence[Load]]) -> Figures:
    return {
        "ratio": _ratio(loads["ours"], loads["bare"]),
        "ratio_of_plain": _ratio(loads["plain"], loads["bare"]),
        "rounds": len(loads["ours"]),
        "servers": {name: _server(rounds) for name, rounds in loads.items()},
    }


def _ratio(some: Sequence[Load], others: Sequence[Load]) -> float:
    pairs = zip(some, others, strict=True)
    return round(median(one.requests_per_second / other.requests_per_second for one, other in pairs), 3)


def _server(rounds: Sequence[Load]) -> Figures:
    def middle(of: Callable[[Load], float]) -> float:
        return round(median(map(of, rounds)), 2)

    return {
        "requests_per_second": round(middle(lambda load: load.requests_per_second)),
        "p50_ms": middle(lambda load: load.p50_ms),
        "p99_ms": middle(lambda load: load.p99_ms),
        "errors": sum(load.errors for load in rounds),
    }


def growth_figures(costs: Costs) -> Figures:
    """Per thing measured its cost at each number of rows, and the growth from the fewest to the most."""
    found: Figures = {}
    for what, sizes in costs.items():
        fewest, most = min(sizes), max(sizes)
        rounds = zip(sizes[most], sizes[fewest], strict=True)
        found[what] = {
            "growth": round(median(large / small for large, small in rounds), 3),
            "ms": {str(rows): round(median(each), 3) for rows, each in sizes.items()},
        }
    return found


def add(told: Figures, new: Figures) -> None:
    """Put what was measured now beside what stands there, database by database, and bring the summary along."""
    for part, figures in new.items():
        if part == "growth":
            told.setdefault(part, {"databases": {}})["databases"].update(figures["databases"])
        else:
            told.setdefault(part, {}).update(figures)
    grown = told.get("growth", {}).get("databases", {})
    if grown:
        worst = {what: max(each[what]["growth"] for each in grown.values()) for what in GROWING}
        told["closing"] = {"ratio": worst.pop("closing")}
        told["growth"] |= worst


def refused(told: Figures) -> list[str]:
    """The loads in which an answer was an error or did not come: none in a run that counts."""
    return [
        f"{lane}, {kind}, {connections} connections, {name}: {server['errors']} errors"
        for lane in ("redirect", "webhook")
        for kind, figures in told.get(lane, {}).items()
        for connections, at in figures["connections"].items()
        for name, server in at["servers"].items()
        if server["errors"]
    ]


def read(path: Path) -> Figures:
    """What was measured before; nothing where nothing was, nor of growth measured when less of it was asked for."""
    found: Figures = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    grown = found.get("growth", {}).get("databases", {})
    if any(what not in each for each in grown.values() for what in GROWING):
        del found["growth"], found["closing"]
    return found


def keep(path: Path, told: Figures) -> None:
    """Write var/bench.json."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
