"""The cable between the product and its PostgreSQL server: a relay that can be pulled and plugged in again.

Pulled, it ends every connection and refuses new ones, as a stopped server does. It can also be told to fail at the
n-th message from now on, whichever way that one goes: so every place between two messages of a request can be tried.
https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

import contextlib
import io
import socket
import threading
from collections.abc import Callable, Iterator

from sqlalchemy.engine import make_url


class Cable:
    """Listens on a port of its own and passes messages on to the server of `url`."""

    def __init__(self, url: str) -> None:
        target = make_url(url)
        self._server = (target.host or "127.0.0.1", target.port or 5432)
        self._mutex = threading.Lock()
        self._open: list[socket.socket] = []
        self._left = 0  # messages that still pass before `_fail`; 0: all of them
        self._fail: Callable[[socket.socket, socket.socket], None] = self._cut
        self._flows = threading.Event()
        self._flows.set()
        self._listener = self._listen(0)
        self.port: int = self._listener.getsockname()[1]
        plain = target.set(host="127.0.0.1", port=self.port)
        plain = plain.update_query_dict({"sslmode": "disable", "gssencmode": "disable"})  # else no message can be told
        self.url = plain.render_as_string(hide_password=False)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the listener is closed: the cable has been pulled
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(self._server)
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._mutex:
                    self._open += [client, server]
                for source, drain, named in ((client, server, False), (server, client, True)):
                    threading.Thread(target=self._pass_on, args=(source, drain, named), daemon=True).start()

    def pull(self) -> None:
        """End every connection, refuse new ones."""
        with self._mutex:
            self._pull()

    def _pull(self, *_ends: socket.socket) -> None:
        _end(self._listener, *self._open)
        self._open.clear()

    def _cut(self, *ends: socket.socket) -> None:
        _end(*ends)
        self._open = [one for one in self._open if one not in ends]

    def plug_in(self) -> None:
        """Be there again, on the same port."""
        self._left = 0
        self._listener = self._listen(self.port)

    def cut_at(self, number: int) -> None:
        """End the connection whose message is the `number`-th from now on, instead of passing it on."""
        self._left, self._fail = number, self._cut

    def pull_at(self, number: int) -> None:
        """Pull the cable instead of passing on the `number`-th message from now on."""
        self._left, self._fail = number, self._pull

    def hold_at(self, number: int) -> None:
        """Hold back the `number`-th message from now on, and everything after it."""
        self._left, self._fail = number, lambda *_: self._flows.clear()

    def reached(self) -> bool:
        """Whether it came to that message; if not, the next ones pass."""
        with self._mutex:
            reached, self._left = self._left == 0, 0
        return reached

    def hold(self) -> None:
        """Pass nothing on from now on, and end nothing: a server that has stopped answering."""
        self._flows.clear()

    def go_silent(self) -> None:
        """Pass nothing on over the connections there are, and end none; new ones are as ever."""
        self._flows.clear()
        self._flows = threading.Event()
        self._flows.set()

    def let_go(self) -> None:
        """Pass on again, with what was held back first."""
        self._flows.set()

    def _pass_on(self, source: socket.socket, drain: socket.socket, named: bool) -> None:
        with contextlib.suppress(OSError), source.makefile("rb") as stream:
            flows = self._flows
            while message := _read(stream, named):
                named = True  # a client's first message alone has no letter in front
                with self._mutex:
                    if self._left == 1:
                        self._fail(source, drain)
                    self._left = max(0, self._left - 1)
                flows.wait()
                drain.sendall(message)
        _end(source, drain)


def _read(stream: io.BufferedReader, named: bool) -> bytes:
    """One whole message, b"" at the end."""
    head = stream.read(5 if named else 4)
    return head + stream.read(int.from_bytes(head[-4:]) - 4) if head else b""


def _end(*ends: socket.socket) -> None:
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextlib.contextmanager
def cable(url: str) -> Iterator[Cable]:
    """A plugged-in cable for the length of a block."""
    made = Cable(url)
    try:
        yield made
    finally:
        made.let_go()
        made.pull()
