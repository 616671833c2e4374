"""A shop and its visitors: orders and clicks from several threads at once, over real HTTP.

A delivery is sent again until it is acknowledged, as shops do; a visitor who gets no answer follows the link once more.
"""

import contextlib
import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from urllib.parse import parse_qs, urlsplit

from tests.faults.server import Answer, Server
from tests.faults.shopify import Signed
from tests.faults.stage import Stage

PATIENCE = 20  # seconds without progress that are a failure


class Senders:
    """What was acknowledged, in which order; `refused` counts every answer that was no success."""

    def __init__(self, servers: Sequence[Server], stage: Stage, deliveries: Callable[[int], Sequence[Signed]]) -> None:
        self.acknowledged: list[int] = []
        self.clicked: list[str] = []
        self.refused: Counter[int] = Counter()
        self._servers, self._stage, self._deliveries = servers, stage, deliveries
        self._numbers, self._turns = count(1), count()
        self._progress = threading.Condition()
        self._stop = threading.Event()

    def send_until_stopped(self) -> None:
        """One order after the other; the last one too is sent until it is acknowledged."""
        while not self._stop.is_set():
            with self._progress:
                number = next(self._numbers)
            for signed in self._deliveries(number):
                if not self._sent(signed):
                    return
            self._note(self.acknowledged, number)

    def click_until_stopped(self) -> None:
        """One visit after the other; what counts is the id that the visitor brings to the shop."""
        while not self._stop.is_set():
            answer = self._ask("GET", f"/r/{self._stage.slugs[next(self._turns) % len(self._stage.slugs)]}")
            if answer is not None and answer.status == 302:
                self._note(self.clicked, parse_qs(urlsplit(answer.headers["location"]).query)["click_id"][0])
            else:
                time.sleep(0.01)

    def _sent(self, signed: Signed) -> bool:
        """Whether a delivery was acknowledged before patience ended."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answer = self._ask("POST", signed.path, signed.body, signed.headers)
            if answer is not None and 200 <= answer.status < 300:
                return True
            time.sleep(0.01)
        return False

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Answer | None:
        """The answer; None where the server was killed before it could give one: nobody knows what it had done."""
        server = self._servers[next(self._turns) % len(self._servers)]
        try:
            answer = server.request(method, path, body, headers)
        except (OSError, http.client.HTTPException):
            return None
        if answer.status >= 400:
            self.refused[answer.status] += 1
        return answer

    def _note(self, done: list[int] | list[str], what: int | str) -> None:
        with self._progress:
            done.append(what)  # type: ignore[arg-type]
            self._progress.notify_all()

    def wait_for(self, more: int, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Return when `more` orders and clicks have been acknowledged from now on; `meanwhile` is done all the time."""
        end, wanted = time.monotonic() + PATIENCE, self.done() + more
        while self.done() < wanted:
            assert time.monotonic() < end, f"nothing is acknowledged; refused: {self.refused}"
            meanwhile()
            with self._progress:
                self._progress.wait_for(lambda: self.done() >= wanted, 0.1)

    def done(self) -> int:
        """How many orders and clicks have been acknowledged."""
        return len(self.acknowledged) + len(self.clicked)

    def stop(self) -> None:
        """Begin nothing more."""
        self._stop.set()


@contextlib.contextmanager
def sending(
    server: Server | Sequence[Server],
    stage: Stage,
    threads: int = 4,
    visitors: int = 0,
    deliveries: Callable[[int], Sequence[Signed]] | None = None,
) -> Iterator[Senders]:
    """Shops and visitors at work for the length of a block; at its end a server must be up, for the last orders."""
    servers = [server] if isinstance(server, Server) else server
    senders = Senders(servers, stage, deliveries or (lambda number: [stage.delivery(number)]))
    work = [senders.send_until_stopped] * threads + [senders.click_until_stopped] * visitors
    crew = [threading.Thread(target=deed, daemon=True) for deed in work]
    for thread in crew:
        thread.start()
    try:
        yield senders
    finally:
        senders.stop()
        for thread in crew:
            thread.join(PATIENCE)


def bombard(server: Server, senders: Senders, kills: int, chance: random.Random, alone: int = 70) -> None:
    """Kill `kills` times in the middle of the work: in `alone` of 100 one process that answers, else everything."""
    while kills:
        senders.wait_for(chance.randint(1, 12), server.revive)
        time.sleep(chance.random() * 0.01)
        if chance.randrange(100) < alone:
            kills -= server.kill_a_worker()
        else:
            server.kill()
            server.start()
            kills -= 1
    server.kill()  # once more everything: the last orders are taken by a server that is whole
    server.start()
