"""The product as it runs: web server, worker and mail folder, started as production starts them."""

import contextlib
import email
import email.policy
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from campaigns.supervise import ROOT, flask_command, start, stop
from tests.faults.server import Server

WAIT_SECONDS = 20


class House:
    """Where the server is reached, and where its letters lie."""

    def __init__(self, url: str, home: Path) -> None:
        self.server = Server(url, home)
        self.address = f"http://127.0.0.1:{self.server.port}"
        self.server.environment["PUBLIC_URL"] = self.address
        self.home = home

    def command(self, *arguments: str) -> str:
        """Run a command of `flask --app wsgi`; what it printed."""
        environment = self.server.environment
        done = subprocess.run(flask_command(*arguments), cwd=ROOT, env=environment, capture_output=True, check=True)
        return done.stdout.decode().strip()

    def link_in_letter(self, address: str, path: str) -> str:
        """The link to `path` in a letter to `address`, once the worker has sent it."""
        end = time.monotonic() + WAIT_SECONDS
        wanted = re.compile(re.escape(self.address) + path + r"\S*")
        while time.monotonic() < end:
            for file in sorted((self.home / "mail").glob("*.eml"), reverse=True):
                letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                body = letter.get_body()
                found = wanted.search(body.get_content()) if body and letter["To"] == address else None
                if found:
                    return found.group()
            time.sleep(0.1)
        raise AssertionError(f"no letter to {address} with a link to {path}")


@contextlib.contextmanager
def running(url: str, home: Path) -> Iterator[House]:
    """A house with its worker, for the length of a block."""
    house = House(url, home)
    worker = start(flask_command("worker"), house.server.environment, home / "worker.log")
    try:
        house.server.start()
        yield house
    finally:
        house.server.kill()
        stop([worker])
