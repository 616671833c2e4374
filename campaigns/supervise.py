"""Processes: the web server as production runs it, and web and worker together for a first look.

Figures of the server's size are measured: one process with 32 threads on SQLite, whose one writer they share; two
with 16 on PostgreSQL. In each an event loop stands before the threads (lanes/door.py). The
production command becomes the server (exec), so signals reach it directly.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from config import Settings

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60
PR_SET_PDEATHSIG = 1  # https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html


def web_workers(settings: Settings) -> int:
    """Processes that answer requests."""
    return settings.web_workers or (1 if settings.sqlite else 2)


def web_threads(settings: Settings) -> int:
    """Threads of each that answer what the lanes don't."""
    return settings.web_threads or (32 if settings.sqlite else 16)


def server_command(settings: Settings, host: str, port: int) -> list[str]:
    """The command line of granian for these settings."""
    return [
        sys.executable, "-m", "granian", "--interface", "asginl", "--loop", "uvloop", "--http", "1",
        "--host", host, "--port", str(port), "--workers", str(web_workers(settings)), "--backlog", "1024",
        "--respawn-failed-workers", "--workers-kill-timeout", "10", "--no-ws", "--log-level", "warning",
        "--working-dir", str(ROOT), "asgi:app",
    ]  # fmt: skip


def become_server(settings: Settings, host: str, port: int) -> None:
    """Replace this process by the web server."""
    command = server_command(settings, host, port)
    os.chdir(ROOT)
    os.execv(command[0], command)


def start(command: list[str], env: Mapping[str, str], log: Path | None = None) -> subprocess.Popen[bytes]:
    """A child in the project's root, with its output in `log` where one is given; it ends when we do, however we do.

    A terminal's Ctrl-C goes to the whole group; granian's workers, hit by it together with their parent, take ten
    seconds to end. So children stand apart, and we tell them.
    """
    if log is None:
        return subprocess.Popen(command, cwd=ROOT, env=dict(env), preexec_fn=_stand_apart)  # noqa: PLW1509
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(env),
            stdout=output,
            stderr=output,
            preexec_fn=_stand_apart,  # noqa: PLW1509 - the supervisor has one thread
        )


def _stand_apart() -> None:
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def flask_command(*arguments: str) -> list[str]:
    """`flask --app wsgi …` of this environment."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]


def wait_until_ready(address: str, alive: Callable[[], bool]) -> None:
    """Return once /readyz answers 200; raises RuntimeError where the server ends or a minute passes."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except OSError:
            pass
        if not alive():
            raise RuntimeError("the web server ended while starting")
        time.sleep(0.1)
    raise RuntimeError("the web server was not ready in a minute")


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """End the children, gently first."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def run_everything(settings: Settings, port: int, welcome: Callable[[str], None]) -> int:
    """Schema, demo data at the first start, then web and worker until Ctrl-C or SIGTERM. Leaves nothing running.

    `welcome` is given the address once it answers.
    """
    address = f"http://127.0.0.1:{port}"
    env = {**os.environ, "CAMPAIGNS_ENV": "development", "PUBLIC_URL": address, "DATA_DIR": str(settings.data_dir)}
    subprocess.run(flask_command("db", "upgrade"), cwd=ROOT, env=env, check=True)
    subprocess.run(flask_command("seed-demo"), cwd=ROOT, env=env, check=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    children: list[subprocess.Popen[bytes]] = []
    try:
        web = start(server_command(settings, "127.0.0.1", port), env)
        children.append(web)
        children.append(start(flask_command("worker"), env))
        wait_until_ready(address, lambda: web.poll() is None)
        welcome(address)
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
        return 1
    except KeyboardInterrupt:
        return 0
    except RuntimeError as error:
        click.echo(str(error), err=True)
        return 1
    finally:
        stop(children)
