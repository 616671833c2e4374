"""`python -m bench`: measure, print the tables, keep the figures in var/bench.json, write docs/performance.md."""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import click

from bench import figures, machine, page, wrk
from bench.databases import KINDS, ROOM, SERVER, Databases, administer, available, databases
from bench.figures import Figures
from bench.growth import measure_growth
from bench.lanes import measure_lanes
from bench.papers import measure_papers
from bench.sizes import FULL, QUICK, Size
from bench.tables import every_table
from campaigns.supervise import ROOT

PARTS = ("redirect", "webhook", "growth", "papers", "docs")
RESULT = ROOT / "var" / "bench.json"


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@click.option("--database", "kinds", multiple=True, type=click.Choice(KINDS), help="One kind only.")
@click.option("--quick", is_flag=True, envvar="QUICK", help="One short round of everything.")
@click.option("--output", type=click.Path(path_type=Path), default=RESULT, help="Instead of var/bench.json.")
@click.option("--write-docs", is_flag=True, help="Write docs/performance.md too.")
def main(parts: tuple[str, ...], kinds: tuple[str, ...], quick: bool, output: Path, write_docs: bool) -> None:
    """Measure PARTS (all of them unless named) on both databases."""
    told = figures.read(output)
    wanted = [part for part in parts or PARTS[:-1] if part != "docs"]
    if wanted:
        measure(told, wanted, measurable(kinds, wanted), QUICK if quick else FULL)
        figures.keep(output, told)
        for heading, table in every_table(told):
            click.echo(f"\n{heading}\n\n{table}")
        click.echo(f"\n{output}")
    if write_docs or "docs" in parts:
        click.echo(page.write_page(told))
    if refused := figures.refused(told):
        click.echo("\n".join(("these figures don't count:", *refused)), err=True)
        sys.exit(1)


def measure(told: Figures, parts: list[str], kinds: list[str], size: Size) -> None:
    """Measure the parts on the databases and add them to `told`."""
    started = monotonic()

    def say(what: str) -> None:
        click.echo(f"{int(monotonic() - started):4d} s  {what}", err=True)

    lanes = [part for part in parts if part in ("redirect", "webhook")]
    for kind in kinds:
        with databases(kind) as made:
            figures.add(told, {"machine": machine.facts(made)})
            if lanes:
                figures.add(told, measure_lanes(made, lanes, size, say))
            if "growth" in parts:
                check_room(made, size)
                figures.add(told, measure_growth(made, size, say))
            if "papers" in parts:
                figures.add(told, measure_papers(made, size, say))
        run = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "quick": size is QUICK}
        figures.add(told, {"runs": {f"{part} {kind}": run for part in parts}})
    say("done")


def measurable(kinds: tuple[str, ...], parts: list[str]) -> list[str]:
    """The databases to measure; says what is left out, and refuses what would give figures of no worth."""
    if not wrk.version() and not set(parts) <= {"growth", "papers"}:
        raise click.ClickException("wrk is not installed (Debian: apt-get install wrk)")
    found = [kind for kind in kinds or KINDS if kind in available()]
    if left_out := set(kinds or KINDS) - set(found):
        click.echo(f"left out: {', '.join(sorted(left_out))} ({SERVER} names no server)", err=True)
    if not found:
        raise click.ClickException("no database to measure")
    if "postgresql" in found and administer("SHOW fsync") != "on":
        raise click.ClickException('PostgreSQL must run with fsync on: PG_OPTIONS="-c fsync=on" scripts/postgresql …')
    return found


def check_room(made: Databases, size: Size) -> None:
    """Refuse to fill a disk."""
    if size is FULL and shutil.disk_usage(made.home).free < ROOM:
        raise click.ClickException(f"{made.home} needs {ROOM >> 30} GiB of free disk for ten million clicks")


if __name__ == "__main__":
    main(prog_name="python -m bench")
