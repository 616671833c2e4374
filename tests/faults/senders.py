"""Shops that send as their vendors say they do, in a time the test moves: what is due is sent at its moment.

The answers they judge are the application's real ones. Shopify says eight retries within four hours, further and
further apart, and no more of it: so each pause here is twice the one before, and together they are the four hours.
When the eighth fails the subscription is removed (https://shopify.dev/changelog/updates-to-webhook-retry-mechanism,
https://shopify.dev/docs/apps/build/webhooks/troubleshooting-webhooks); here nothing is sent any more from then on,
not even what was still to be tried. WooCommerce tries once, and after some failures in a row sends nothing:
https://woocommerce.com/document/webhooks/ says five, its class-wc-webhook.php does it at the seventh.
"""

import random
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from tests.faults.shopify import Signed

RETRIES = 8
# 1 + 2 + 4 + ... + 128 = 255 parts of four hours.
PAUSES = [timedelta(hours=4) * 2**number / 255 for number in range(RETRIES)]
PATIENCE = 5.0  # seconds until Shopify hangs up: https://shopify.dev/docs/apps/build/webhooks/verify-deliveries
FAILURES = {"its document": 5, "its program": 7}


@dataclass(frozen=True)
class Answered:
    """What a delivery was answered, and after how many real seconds."""

    status: int
    retry_after: str
    seconds: float


Post = Callable[[Signed], Answered]


@dataclass(order=True)
class _Due:
    """A delivery to be sent at a moment. `again` is one that has arrived, and is sent once more all the same."""

    at: datetime
    number: int
    signed: Signed = field(compare=False)
    tries: int = field(compare=False, default=0)
    again: bool = field(compare=False, default=False)


class Sender(ABC):
    """Deliveries in the order of their moments; `move` sets the clock, `post` knocks at the application."""

    def __init__(self, post: Post, move: Callable[[datetime], None]) -> None:
        self.answers: Counter[tuple[int, str]] = Counter()
        self.slowest = 0.0
        self.off_since: datetime | None = None
        self._post, self._move = post, move
        self._due: list[_Due] = []
        self._numbers = count()

    def hand_over(self, signed: Signed, at: datetime) -> None:
        """Something happened in the shop; a hook that is off hears nothing of it."""
        if self.off_since is None:
            self._plan(at, signed)

    def send_until(self, moment: datetime) -> None:
        """Send whatever is due before a moment, each at its own."""
        while self._due and self._due[0].at < moment:
            due = heappop(self._due)
            self._move(due.at)
            answer = self._post(due.signed)
            self.answers[answer.status, answer.retry_after] += 1
            self.slowest = max(self.slowest, answer.seconds)
            self._judge(due, answer)

    def _plan(self, at: datetime, signed: Signed, tries: int = 0, again: bool = False) -> None:
        heappush(self._due, _Due(at, next(self._numbers), signed, tries, again))

    def _switch_off(self, at: datetime) -> None:
        self.off_since = at
        self._due.clear()

    @abstractmethod
    def _judge(self, due: _Due, answer: Answered) -> None:
        """Go on after an answer as the vendor does."""


class ShopifySender(Sender):
    """Tries again, under the same id; sends some deliveries twice; and some first answers are lost on their way."""

    def __init__(self, post: Post, move: Callable[[datetime], None], chance: random.Random) -> None:
        super().__init__(post, move)
        self.doubled = 0
        self._chance = chance

    def _judge(self, due: _Due, answer: Answered) -> None:
        lost = due.tries == 0 and self._chance.randrange(20) == 0
        arrived = 200 <= answer.status < 300 and answer.seconds < PATIENCE and not lost
        if due.again:
            return
        if not arrived and due.tries == RETRIES:
            self._switch_off(due.at)
        elif not arrived:
            self._plan(due.at + PAUSES[due.tries], due.signed, due.tries + 1)
        elif self._chance.randrange(10) == 0:
            self.doubled += 1
            self._plan(due.at + timedelta(minutes=self._chance.randint(1, 90)), due.signed, again=True)


class WooCommerceSender(Sender):
    """Never tries again; `most` failures in a row switch the hook off."""

    def __init__(self, post: Post, move: Callable[[datetime], None], most: int) -> None:
        super().__init__(post, move)
        self._most, self._failures = most, 0

    def _judge(self, due: _Due, answer: Answered) -> None:
        self._failures = 0 if 200 <= answer.status <= 302 else self._failures + 1
        if self._failures == self._most:
            self._switch_off(due.at)
