"""The load generator: wrk (https://github.com/wg/wrk), with a script that says what to send and prints what it saw.

Its latencies are corrected for what a waiting client did not get to send. Two threads at most: the machine's other
core is the server's.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 10  # seconds after which an answer counts as an error
BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Instagram 390.0"

REPORT = """
function done(summary, latency, requests)
  local went_out = 0
  for _, thread in ipairs(threads) do went_out = math.max(went_out, tonumber(thread:get("ended") or 0)) end
  local errors = summary.errors
  local lost = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  print(string.format("RESULT %d %d %d %d %d %d", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), lost, went_out))
end
"""

LINKS = """
threads = {}
function setup(thread) table.insert(threads, thread) end
function init()
  requests, at = {}, 0
  for slug in string.gmatch("%(slugs)s", "%%S+") do
    table.insert(requests, wrk.format("GET", "/r/" .. slug, {["Host"] = "127.0.0.1", ["User-Agent"] = "%(agent)s"}))
  end
end
function request()
  at = at %% #requests + 1
  return requests[at]
end
"""

# Every thread reads its own part of the file from the beginning of that part, and stops where it ends.
BODIES = """
threads = {}
function setup(thread)
  thread:set("part", #threads)
  table.insert(threads, thread)
end
function init()
  ended, left = 0, %(share)d
  file = assert(io.open("%(path)s", "rb"))
  file:seek("set", part * %(share)d * %(length)d)
end
function request()
  if left == 0 then
    ended = 1
    wrk.thread:stop()
    return last
  end
  left = left - 1
  last = file:read(%(length)d)
  return last
end
"""


@dataclass(frozen=True)
class Load:
    """What one load brought. `went_out` says that it had nothing more to send, so its figures are worth nothing."""

    answers: int
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    went_out: bool


def version() -> str:
    """The installed wrk, "" where there is none."""
    if shutil.which("wrk") is None:
        return ""
    said = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False)  # -v ends with status 1
    return (said.stdout or said.stderr).splitlines()[0].split(" [")[0].removeprefix("wrk ")


def follow_links(port: int, slugs: Sequence[str], connections: int, seconds: int) -> Load:
    """Click on links in turn."""
    return _run(LINKS % {"slugs": " ".join(slugs), "agent": BROWSER}, port, connections, seconds)


def deliver(port: int, requests: Path, length: int, connections: int, seconds: int) -> Load:
    """Send the requests of a file, each of `length` bytes, each once."""
    share = requests.stat().st_size // length // _threads(connections)
    script = BODIES % {"path": requests, "length": length, "share": share}
    return _run(script, port, connections, seconds)


def _threads(connections: int) -> int:
    return min(2, connections)


def _run(script: str, port: int, connections: int, seconds: int) -> Load:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script + REPORT)
        file.flush()
        said = subprocess.run(
            ["wrk", "-t", str(_threads(connections)), "-c", str(connections), "-d", f"{seconds}s",
             "--timeout", f"{PATIENCE}s", "-s", file.name, f"http://127.0.0.1:{port}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    line = next((line for line in said.stdout.splitlines() if line.startswith("RESULT ")), "")
    if not line:
        raise RuntimeError(f"wrk brought no result: {said.stdout[-500:]}{said.stderr[-500:]}")
    requests, microseconds, p50, p99, errors, went_out = map(int, line.split()[1:])
    return Load(requests, requests * 1e6 / microseconds, p50 / 1000, p99 / 1000, errors, bool(went_out))
