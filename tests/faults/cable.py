"""The cable between the product and its PostgreSQL server: a relay that can be pulled and plugged in again.

Pulled, it ends every connection and refuses new ones, as a stopped server does.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator

from sqlalchemy.engine import make_url


class Cable:
    """Listens on a port of its own and passes bytes on to the server of `url`."""

    def __init__(self, url: str) -> None:
        target = make_url(url)
        self._server = (target.host or "127.0.0.1", target.port or 5432)
        self._open: list[socket.socket] = []
        self._listener = self._listen(0)
        self.port: int = self._listener.getsockname()[1]
        self.url = target.set(host="127.0.0.1", port=self.port).render_as_string(hide_password=False)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the listener is closed: the cable has been pulled
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(self._server)
                self._open += [client, server]
                for source, drain in ((client, server), (server, client)):
                    threading.Thread(target=_pass_on, args=(source, drain), daemon=True).start()

    def pull(self) -> None:
        """End every connection, refuse new ones."""
        for end in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()

    def plug_in(self) -> None:
        """Be there again, on the same port."""
        self._listener = self._listen(self.port)


def _pass_on(source: socket.socket, drain: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            drain.sendall(data)
    for end in (source, drain):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def cable(url: str) -> Iterator[Cable]:
    """A plugged-in cable for the length of a block."""
    made = Cable(url)
    try:
        yield made
    finally:
        made.pull()
