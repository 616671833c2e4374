"""A shop's sender: orders from several threads at once, each sent again until it is acknowledged, as shops do."""

import contextlib
import http.client
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count

from tests.faults.server import Server
from tests.faults.stage import Stage

PATIENCE = 20  # seconds without progress that are a failure


class Senders:
    """What was acknowledged, in which order; `refused` counts every answer that was not 2xx."""

    def __init__(self, server: Server, stage: Stage) -> None:
        self.acknowledged: list[int] = []
        self.refused: Counter[int] = Counter()
        self._server, self._stage = server, stage
        self._numbers = count(1)
        self._progress = threading.Condition()
        self._stop = threading.Event()

    def send_until_stopped(self) -> None:
        """One delivery after the other; the last one too is sent until it is acknowledged."""
        while not self._stop.is_set():
            with self._progress:
                number = next(self._numbers)
            end = time.monotonic() + PATIENCE
            while not self._accepted(number):
                if time.monotonic() > end:
                    return
                time.sleep(0.01)
            with self._progress:
                self.acknowledged.append(number)
                self._progress.notify_all()

    def _accepted(self, number: int) -> bool:
        signed = self._stage.delivery(number)
        try:
            status = self._server.request("POST", signed.path, signed.body, signed.headers).status
        except (OSError, http.client.HTTPException):
            return False  # killed before it could answer: nobody knows whether it was stored
        if not 200 <= status < 300:
            self.refused[status] += 1
        return 200 <= status < 300

    def wait_for(self, more: int) -> None:
        """Return when `more` orders have been acknowledged from now on."""
        with self._progress:
            wanted = len(self.acknowledged) + more
            came = self._progress.wait_for(lambda: len(self.acknowledged) >= wanted, PATIENCE)
            assert came, f"nothing is acknowledged; refused: {self.refused}"

    def stop(self) -> None:
        """Begin no further delivery."""
        self._stop.set()


@contextlib.contextmanager
def sending(server: Server, stage: Stage, threads: int = 4) -> Iterator[Senders]:
    """Senders at work for the length of a block; at its end the server must be up, for the last ones to get through."""
    senders = Senders(server, stage)
    crew = [threading.Thread(target=senders.send_until_stopped, daemon=True) for _ in range(threads)]
    for thread in crew:
        thread.start()
    try:
        yield senders
    finally:
        senders.stop()
        for thread in crew:
            thread.join(PATIENCE)


def bombard(server: Server, senders: Senders, kills: int, chance: random.Random) -> None:
    """Kill the whole server `kills` times in the middle of its work, and start it again each time."""
    for _ in range(kills):
        senders.wait_for(chance.randint(1, 12))
        time.sleep(chance.random() * 0.01)
        server.kill()
        server.start()
