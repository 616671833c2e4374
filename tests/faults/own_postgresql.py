"""A PostgreSQL server of a test's own, which may be stopped as the power does it: at once, without a checkpoint.

It writes as production's does (fsync, and a commit waits for the disk) unless a control asks otherwise. PostgreSQL
refuses to run as root; as root it runs as another user, in a folder that user can reach.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.conftest import missing
from tests.faults.server import free_port


class OwnPostgresql:
    """One server with one database, in a folder of its own; `options` are the server's settings."""

    def __init__(self, home: Path, options: str = "") -> None:
        port = free_port()
        self.url = f"postgresql://campaigns@127.0.0.1:{port}/campaigns"
        self._server = f"postgresql://campaigns@127.0.0.1:{port}/postgres"
        self._home, self._user = home, _user()
        self._options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c max_connections=200 {options}"
        if self._user:
            shutil.chown(home, self._user)

    def create(self) -> None:
        """Make the server's files and the empty database; leaves it running."""
        self._run("initdb", "-U", "campaigns", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        self.start()
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute("CREATE DATABASE campaigns TEMPLATE template0 ENCODING 'UTF8'")

    def start(self) -> None:
        """Start, and return once it has recovered and takes connections."""
        self._run("pg_ctl", "-w", "-l", str(self._home / "server.log"), "-o", self._options, "start")

    def stop_at_once(self) -> None:
        """Every process of it ends where it is; what stands in its memory only is gone."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [_programs() / program, "-D", self._home / "data", *arguments],
            cwd="/", check=True, user=self._user, extra_groups=[] if self._user else None,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip


def _programs() -> Path:
    """Where PostgreSQL's programs are, of the newest version there is."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found:
        elsewhere = shutil.which("initdb")
        if elsewhere is None:
            missing("PostgreSQL (initdb)")
        found = [Path(str(elsewhere))]
    return max(found, key=lambda path: [int(part) for part in path.parts if part.isdigit()]).parent


def _user() -> str | None:
    """Whom it runs as; None for whoever we are."""
    if os.getuid():
        return None
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return "nobody"


@contextlib.contextmanager
def own_postgresql(options: str = "") -> Iterator[OwnPostgresql]:
    """A server for the length of a block; nothing of it is left behind."""
    with tempfile.TemporaryDirectory(prefix="campaigns-own-pg-") as home:
        server = OwnPostgresql(Path(home), options)
        try:
            server.create()
            yield server
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                server.stop_at_once()
