"""The lanes' door in production, before all threads: one event loop takes what needs nothing looked up.

A click or a delivery waits for its commit most of its time. A thread that waits costs the machine two turns of the
interpreter's lock, and thirty of them take it from each other and from the writer; here the waiting is an entry in a
table. Whatever is not at hand (a link not kept at this moment, a forgery, an error) and every page goes to the
threads, where the WSGI application is complete: this door decides nothing of its own.
https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from typing import Any

from a2wsgi import WSGIMiddleware
from flask import Flask
from werkzeug.exceptions import ClientDisconnected

from campaigns.bodies import PATIENCE
from campaigns.lanes.answers import Answer, Request, Taken, of_asgi
from campaigns.lanes.lanes import REFUSAL, Lane, Lanes
from config import Settings

LARGEST_UNDER_WAY = 64 * 1024 * 1024  # bytes of bodies being read here at a time; what is beyond waits in the threads
QUIET_SECONDS = 0.5  # after which whoever has not sent a whole body is answered all the same

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Body:
    """A request's body, which whoever comes after us can read again."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        self._whole: bytes | None = None
        self._gone = False
        self._more = any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])

    async def read(self) -> bytes:
        """All of it. Raises ClientDisconnected."""
        pieces, more = [], True
        while more:
            message = await self.receive()
            pieces.append(message.get("body", b""))
            more = message.get("more_body", False)
        self._whole = b"".join(pieces)
        return self._whole

    async def receive(self) -> Message:
        """ASGI's receive; what was read comes once more. Raises ClientDisconnected, for half a body must not pass.

        Whoever asks again after that hears it again: the server says it once, and then nothing any more.
        """
        if self._whole is not None:
            whole, self._whole = self._whole, None
            return {"type": "http.request", "body": whole, "more_body": False}
        if not (self._more or self._gone):
            return {"type": "http.request", "body": b"", "more_body": False}  # of what has ended servers say no more
        message = {} if self._gone else await self._receive()
        if self._gone or message["type"] == "http.disconnect":
            self._gone = True
            raise ClientDisconnected
        self._more = message.get("more_body", False)
        return message

    async def drain(self) -> None:
        """Read what somebody is still sending, and forget it: who can't send it all never reads an answer.

        The server takes nothing more once an answer has begun. Whoever waits for one before sending gets it soon.
        """
        left = PATIENCE
        with suppress(ClientDisconnected, TimeoutError):
            while self._more and left > 0:
                async with asyncio.timeout(QUIET_SECONDS):
                    left -= len((await self.receive()).get("body", b""))


class Door:
    """The ASGI application: lanes in the event loop, `threads` threads of the WSGI application for all the rest."""

    def __init__(self, app: Flask, settings: Settings, threads: int) -> None:
        self._lanes: Lanes = app.extensions["lanes"]
        self._fixed = _told(self._lanes.headers)
        self._hops = settings.proxy_hops
        self._threads = WSGIMiddleware(app.wsgi_app, workers=threads)  # type: ignore[arg-type]
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = Body(scope, receive)
        try:
            answer = await self._answer(scope, body)
        except ClientDisconnected:
            return
        if answer is None:
            await self._threads(scope, body.receive, _behind(body, send))  # type: ignore[arg-type]
            return
        length = (b"content-length", b"%d" % len(answer.body))
        headers = [*_told(answer.headers), *self._fixed, length]
        await send({"type": "http.response.start", "status": int(answer.status[:3]), "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    def close(self) -> None:
        """Wait for the threads to end."""
        self._threads.executor.shutdown()

    async def _answer(self, scope: Scope, body: Body) -> Answer | None:
        """A lane's answer; None where the threads must give it, with the lane's error in `scope` if writing failed."""
        lane = self._lanes.lane_of(scope["path"])
        request = None if lane is None else of_asgi(scope, self._hops)
        if lane is None or request is None or not lane.knows(request):
            return None
        taken = await self._taken(lane, request, body)
        if taken is None:
            return None
        try:
            return taken.answer(await lane.together.awaited(taken.item, lane.PATIENCE_SECONDS))
        except Exception as error:
            scope[REFUSAL] = error
            return None

    async def _taken(self, lane: Lane, request: Request, body: Body) -> Taken | None:
        """What a lane takes of a request; None where it must ask somebody, or refuses: the threads find out why."""
        length = request.length or 0
        if "transfer-encoding" in request.headers or length > lane.longest_body:
            return None
        if self._under_way + length > LARGEST_UNDER_WAY:
            return None
        self._under_way += length
        try:
            return lane.take_at_hand(request, await body.read() if length else b"")
        except ClientDisconnected:
            raise
        except Exception:
            return None
        finally:
            self._under_way -= length


def _told(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]


def _behind(body: Body, send: Send) -> Send:
    """Answer once the request is whole, and nobody once the client has gone, or a thread would wait for ever."""

    async def tell(message: Message) -> None:
        if message["type"] == "http.response.start":
            await body.drain()
        try:
            await send(message)
        except Exception:  # noqa: S110 - each server has another one for a line that is closed
            pass

    return tell
