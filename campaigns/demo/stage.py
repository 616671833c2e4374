"""A server and a worker of the production kind, on a database that is thrown away with everything else afterwards.

DEMO_DATABASE_URL names another database to play on, which must be empty; without it SQLite in the temporary folder.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from campaigns.demo.over_http import Api, Server
from campaigns.demo.people import AGENCY_EMAIL, PASSWORD
from campaigns.supervise import ROOT, flask_command, server_command, start, stop, wait_until_ready
from config import Settings

# Who issues the papers, unless the environment names somebody else.
AGENCY = {
    "AGENCY_NAME": "Success Agency",
    "AGENCY_LEGAL_NAME": "Success Agency Ltd",
    "AGENCY_REGISTRATION_NUMBER": "516179157",
    "AGENCY_TAX_FILE": "900000001",
    "AGENCY_ADDRESS": "1 Example Street, Tel Aviv",
    "AGENCY_EMAIL": AGENCY_EMAIL,
}


@dataclass(frozen=True)
class Stage:
    """The running server, staff's way in, and the environment its commands need."""

    server: Server
    api: Api
    env: Mapping[str, str]

    def flask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command of `flask` on the same database."""
        return _flask(self.env, *arguments)


@contextmanager
def stage() -> Iterator[Stage]:
    """Everything up and running; at the end, however it comes, all stopped and removed."""
    home = Path(tempfile.mkdtemp(prefix="campaigns-demo-"))
    port = _free_port()
    env = _environment(home, port)
    children: list[subprocess.Popen[bytes]] = []
    try:
        _must(_flask(env, "db", "upgrade"))
        log = home / "log"
        web = start(server_command(Settings.from_env(env), "127.0.0.1", port), env, log)
        children.append(web)
        children.append(start(flask_command("worker"), env, log))
        _must(_flask(env, "user", "create", "--email", AGENCY_EMAIL, "--role", "agency", "--password", PASSWORD))
        token = _must(_flask(env, "token", "create", "--email", AGENCY_EMAIL)).strip().splitlines()[-1]
        wait_until_ready(f"http://127.0.0.1:{port}", lambda: web.poll() is None)
        server = Server(port)
        yield Stage(server, Api(server, token), env)
    finally:
        stop(children)
        shutil.rmtree(home, ignore_errors=True)


def _environment(home: Path, port: int) -> dict[str, str]:
    # The caller's mail server must get nothing of this, and its database still less.
    inherited = {name: value for name, value in os.environ.items() if name not in ("SMTP_URL", "DATABASE_URL")}
    facts = {
        "CAMPAIGNS_ENV": "development",
        "DATA_DIR": str(home),
        "DATABASE_URL": os.environ.get("DEMO_DATABASE_URL") or f"sqlite:///{home}/demo.db",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    return AGENCY | inherited | facts


def _flask(env: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        flask_command(*arguments), cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False
    )


def _must(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-600:])
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
