"""The real server as a process group of its own: started as production starts it, killed as no one wishes it.

Nothing is waited for longer than needed: a start returns with the first 200 of /readyz, a kill with the last process.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from campaigns.supervise import ROOT, server_command
from tests.conftest import KEY, settings_for

READY_SECONDS = 30
PRODUCTION = ("wsgi:app",)


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
    own = {"SECRET_KEY": KEY, "DATABASE_URL": url, "DATA_DIR": str(home), "PUBLIC_URL": "http://localhost"}
    return {**os.environ, **own, "AGENCY_NAME": "Success Agency"}


class Server:
    """One web server on one database; `application` is granian's target, production's unless a control is wanted."""

    def __init__(self, url: str, home: Path, application: tuple[str, ...] = PRODUCTION) -> None:
        self.port = free_port()
        self.environment = environment(url, home)
        command = server_command(settings_for(url, home), "127.0.0.1", self.port)
        assert command[-1:] == list(PRODUCTION)
        self.command = [*command[:-1], *application]
        self.log = home / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, path: str = "/readyz") -> "Server":
        """Start, and return once `path` answers 200."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.request("GET", path, timeout=2).status == 200:
                    return self
            time.sleep(0.01)
        raise RuntimeError(f"not ready: {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """SIGKILL for the whole group: no handler, no flush, no goodbye."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def workers(self) -> list[int]:
        """Process ids of the children that answer requests."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(child) for child in children if b"tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()]

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


@contextlib.contextmanager
def serving(url: str, home: Path, application: tuple[str, ...] = PRODUCTION, path: str = "/readyz") -> Iterator[Server]:
    """A server for the length of a block; nothing of it is left behind."""
    server = Server(url, home, application)
    try:
        yield server.start(path)
    finally:
        server.kill()
