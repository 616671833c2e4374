"""The two lanes under load: the same wrk against bare Flask, the plain design and the product, in turn.

All three run all the time, each on a database of its own that began as a copy of the same one. The machine's mood
changes from one minute to the next, so a ratio is taken within a round, where they follow one another closely, and the
median of the rounds is what is told.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from bench import bare, wrk
from bench.databases import Databases, working
from bench.deliveries import Deliveries
from bench.figures import Figures, lane_figures
from bench.memory import resident_mib
from bench.sizes import CONNECTIONS, READ_AT, Size
from bench.wrk import Load
from campaigns.models import Click, LedgerTransaction
from tests.faults.server import PRODUCTION, Server
from tests.faults.stage import Stage, set_stage

TARGETS = {
    "bare": ("--factory", "bench.bare:create"),
    "plain": ("--factory", "bench.plain:create"),
    "ours": PRODUCTION,
}
ONE_PROCESS = {"WEB_WORKERS": "1", "WEB_THREADS": "32"}
WARM_UP_SECONDS = 1
FIRST_RATE = 4_000  # deliveries a second to be ready for before anything is known
LARGEST_REQUEST = 12_000

Say = Callable[[str], None]
Servers = Mapping[str, Server]
Answers = Counter[tuple[str, str]]  # by server, and what was asked of it
Round = Callable[[Sequence[str], int, int], dict[str, Load]]  # servers in their turn, connections, seconds


@dataclass(frozen=True)
class Trial:
    """The three servers, started with `environment`, each on a database `<name>_<server>` of its own."""

    databases: Databases
    stage: Stage
    name: str
    environment: Mapping[str, str]


def measure_lanes(databases: Databases, lanes: Sequence[str], size: Size, say: Say) -> Figures:
    """The figures of each lane on one kind of database, and the memory of the servers before and after.

    On PostgreSQL also with one process each, as on SQLite: two processes of a server that stores nothing share nothing
    they might have to wait for.
    """
    databases.migrated("stage")
    with working(databases.url("stage"), databases.home) as (_, session):
        stage = set_stage(session)
    found = _measured(Trial(databases, stage, databases.kind, {}), lanes, CONNECTIONS, size, say)
    if databases.kind == "postgresql":
        one = _measured(Trial(databases, stage, "postgresql_one", ONE_PROCESS), lanes, (READ_AT,), size, say)
        for part, figures in one.items():
            found[part] |= figures
    return found


def _measured(trial: Trial, lanes: Sequence[str], connections: Sequence[int], size: Size, say: Say) -> Figures:
    found: Figures = {}
    with running(trial) as servers:
        answers: Answers = Counter()
        one_round = {
            "redirect": clicks(trial.stage, servers, answers),
            "webhook": orders(trial.stage, servers, answers),
        }
        before = {name: resident_mib(server.workers()) for name, server in servers.items()}
        for lane in lanes:
            taken = {}
            for many in connections:
                say(f"{lane}, {trial.name}, {many} connections")
                taken[many] = interleaved(trial, one_round[lane], many, size)
            found[lane] = {trial.name: lane_figures(taken)}
        after = {name: resident_mib(server.workers()) for name, server in servers.items()}
    for name in ("plain", "ours"):
        mine = {what: many for (server, what), many in answers.items() if server == name}
        check_kept(trial.databases, _database(trial, name), mine)
    memory = {name: {"before_mib": before[name], "after_mib": after[name]} for name in servers}
    return found | {"memory": {trial.name: memory}}


@contextmanager
def running(trial: Trial) -> Iterator[Servers]:
    """The three servers, started as production starts its own."""
    with ExitStack() as stack:
        servers = {}
        for name, target in TARGETS.items():
            home = trial.databases.home / _database(trial, name)
            home.mkdir()
            server = Server(trial.databases.copy("stage", home.name), home, target)
            server.environment |= {bare.SECRET: trial.stage.secret, **trial.environment}
            stack.callback(server.kill)
            servers[name] = server.start()
        yield servers


def _database(trial: Trial, server: str) -> str:
    return f"{trial.name}_{server}"


def interleaved(trial: Trial, one_round: Round, connections: int, size: Size) -> dict[str, list[Load]]:
    """The loads of every server, round by round; each round begins with another of them."""
    names = list(TARGETS)
    one_round(names, connections, WARM_UP_SECONDS)
    for name in names:
        trial.databases.learn(_database(trial, name))
    taken: dict[str, list[Load]] = {name: [] for name in names}
    for number in range(size.rounds[connections]):
        first = number % len(names)
        for name, load in one_round(names[first:] + names[:first], connections, size.seconds).items():
            taken[name].append(load)
    return taken


def clicks(stage: Stage, servers: Servers, answers: Answers) -> Round:
    """Visits of the campaign's links."""

    def one_round(turn: Sequence[str], connections: int, seconds: int) -> dict[str, Load]:
        loads = {name: wrk.follow_links(servers[name].port, stage.slugs, connections, seconds) for name in turn}
        answers.update({(name, "click"): load.answers - load.errors for name, load in loads.items()})
        return loads

    return one_round


def orders(stage: Stage, servers: Servers, answers: Answers) -> Round:
    """New deliveries, the same for all three; made again, and more, where somebody took them faster than ever."""
    supply = Deliveries(stage)
    rates: list[float] = []

    def one_round(turn: Sequence[str], connections: int, seconds: int) -> dict[str, Load]:
        stock = int(2 * max(rates, default=FIRST_RATE) * seconds)
        with tempfile.NamedTemporaryFile(dir=_quiet_place(stock)) as file:
            path = Path(file.name)
            length = supply.write(path, stock)
            loads = {name: wrk.deliver(servers[name].port, path, length, connections, seconds) for name in turn}
        answers.update({(name, "order"): load.answers - load.errors for name, load in loads.items()})
        rates.extend(load.requests_per_second for load in loads.values())
        if any(load.went_out for load in loads.values()):
            rates.append(2 * max(rates))
            return one_round(turn, connections, seconds)
        return loads

    return one_round


def check_kept(databases: Databases, name: str, answers: Mapping[str, int]) -> None:
    """Raise RuntimeError where a click or an order that was answered is not in the tables: fast and lost isn't fast."""
    with working(databases.url(name), databases.home) as (_, session):
        kept = {
            "click": session.scalar(select(func.count()).select_from(Click).where(Click.uncounted == "")) or 0,
            "order": session.scalar(select(func.count()).select_from(LedgerTransaction)) or 0,
        }
    for what, rows in kept.items():
        # Wrk drops what is under way when its time is up: such rows are there without having been counted.
        if rows < answers.get(what, 0):
            raise RuntimeError(f"{name} answered {answers[what]} times and has {rows} rows: {what}")


def _quiet_place(stock: int) -> str | None:
    """Memory where there is enough of it: writing the deliveries must not keep the disk busy that is measured."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2 * stock * LARGEST_REQUEST
    return str(memory) if roomy else None
