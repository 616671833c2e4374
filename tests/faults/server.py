"""The real server as a process group of its own: started as production starts it, killed as no one wishes it.

Nothing is waited for longer than needed: a start returns with the first 200 of /readyz, a kill with the last process.
It is forked from where its modules are loaded already, unless a test asks for production's own command.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from campaigns.supervise import ROOT, server_command, web_threads
from tests.conftest import KEY, settings_for
from tests.faults.forked import fork, granian
from tests.paper_fonts import furnish_fonts

READY_SECONDS = 30
PRODUCTION = ("asgi:app",)


@dataclass(frozen=True)
class Answer:
    """What a client got: `headers` with lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(url: str, home: Path) -> dict[str, str]:
    """What a process of the product is started with, on the database of a test."""
    furnish_fonts(home)
    own = {"SECRET_KEY": KEY, "DATABASE_URL": url, "DATA_DIR": str(home), "PUBLIC_URL": "http://localhost"}
    return {**os.environ, **own, "AGENCY_NAME": "Success Agency"}


class Server:
    """One web server on one database; `application` is granian's target, production's unless a control is wanted."""

    def __init__(self, url: str, home: Path, application: tuple[str, ...] = PRODUCTION, forked: bool = True) -> None:
        self.port = free_port()
        self.environment = environment(url, home)
        self.log = home / f"server-{self.port}.log"
        self.seconds_to_start: list[float] = []
        self.gave_up = 0
        self._url, self._home, self._application, self._forked = url, home, application, forked
        self._process: Any = None  # subprocess.Popen, or multiprocessing's

    def command(self) -> list[str]:
        """Production's command line; with another application, that of a plain WSGI server of the same size."""
        workers, threads = (int(self.environment.get(name, 0)) for name in ("WEB_WORKERS", "WEB_THREADS"))
        settings = replace(settings_for(self._url, self._home), web_workers=workers, web_threads=threads)
        command = server_command(settings, "127.0.0.1", self.port)
        assert command[-1:] == list(PRODUCTION)
        if self._application == PRODUCTION:
            return command
        interface = command.index("asginl")
        answering = ("--blocking-threads", str(web_threads(settings)))
        return [*command[:interface], "wsgi", *command[interface + 1 : -1], *answering, *self._application]

    def start(self, path: str = "/readyz") -> "Server":
        """Start, and return once `path` answers 200."""
        began = time.monotonic()
        self.begin()
        while time.monotonic() < began + READY_SECONDS:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.request("GET", path, timeout=2).status == 200:
                    self.seconds_to_start.append(time.monotonic() - began)
                    return self
            time.sleep(0.01)
        raise RuntimeError(f"not ready: {self.log.read_text()[-2000:]}")

    def begin(self) -> None:
        """Start, and wait for nothing."""
        self._process = self._begun()

    def _begun(self) -> Any:
        if self._forked:
            return fork(granian, [self.command()], self.environment, self.log)
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command(), cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """SIGKILL for the whole group: no handler, no flush, no goodbye."""
        if self._process is not None:
            end_group(self._process)
            self._process = None

    def revive(self) -> None:
        """Start again if it has ended by itself, as a process manager does.

        Where a process dies less than 5.5 seconds after it replaced a dead one, granian takes it for a crash loop, and
        its parent exits: two killed at the same moment and then a third are enough for that.
        """
        if self._process is not None and not alive(self._process.pid):
            self.gave_up += 1
            self.kill()
            self.start()

    def restarts(self) -> list[float]:
        """Seconds of every start but the first, from the command to the first 200, the fastest first.

        The first of all forked ones also waits for the modules to be loaded from which they are forked.
        """
        return sorted(self.seconds_to_start[1:])

    def described_restarts(self) -> str:
        """How many there were, and how long they took."""
        some = self.restarts()
        return f"{len(some)}, median {some[len(some) // 2]:.2f} s, slowest {some[-1]:.2f} s"

    def workers(self) -> list[int]:
        """Process ids of the children that answer requests, the oldest first."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        return sorted((int(child) for child in children if _serves(child)), key=_started)

    def kill_a_worker(self) -> bool:
        """SIGKILL for the oldest of the processes that answer requests; its parent starts another. Was there one?"""
        with contextlib.suppress(OSError):  # gone before we came
            for oldest in self.workers()[:1]:
                os.kill(oldest, signal.SIGKILL)
                return True
        return False

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 10,
    ) -> Answer:
        """One request on a connection of its own; OSError or HTTPException where no whole answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            names = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, names, response.read())
        finally:
            connection.close()


def end_group(process: Any) -> None:
    """SIGKILL for a process and everything it has begun."""
    for kill in (os.killpg, os.kill):  # the second for one that doesn't lead its group yet
        with contextlib.suppress(ProcessLookupError):
            kill(process.pid, signal.SIGKILL)
    if isinstance(process, subprocess.Popen):
        process.wait()
    else:
        process.join()


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _serves(child: str) -> bool:
    with contextlib.suppress(OSError):
        return alive(int(child)) and b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()
    return False


def _started(pid: int) -> int:
    """When a process began, in the kernel's ticks."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    return 0


@contextlib.contextmanager
def serving(
    url: str,
    home: Path,
    application: tuple[str, ...] = PRODUCTION,
    path: str = "/readyz",
    forked: bool = True,
    **environment: str,
) -> Iterator[Server]:
    """A server for the length of a block; nothing of it is left behind. `environment` goes on top of production's."""
    server = Server(url, home, application, forked)
    server.environment |= environment
    try:
        yield server.start(path)
    finally:
        server.kill()
