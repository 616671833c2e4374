"""A time-stamp authority (RFC 3161) over HTTP on this machine, with its own certificate; it can be made to fail."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

STAMPED = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)  # when this authority says it is


class Authority:
    """Stamps what it is asked to; `fails` says how it doesn't, `asked` how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.fails = ""
        self.url = ""
        self.over = Event()
        self.certificate, key = _certificate()
        self.stamper = DummyTimeStamper(self.certificate, key, fixed_dt=STAMPED)

    def answer(self, body: bytes) -> tuple[int, bytes]:
        """The status and bytes of an answer."""
        if self.fails == "silent":
            self.over.wait(30)
        if self.fails == "broken":
            return 503, b""
        if self.fails == "forbids":
            return 403, b"no"
        if self.fails == "garbage":
            return 200, b"<html>welcome to this hotel's network</html>"
        if self.fails == "refuses":
            return 200, bytes.fromhex("30053003020102")  # status: rejection, and nothing else
        made = self.stamper.request_tsa_response(self._misread(tsp.TimeStampReq.load(body))).dump()
        if self.fails == "signature":
            made = made[:-1] + bytes([made[-1] ^ 1])  # the signature stands at the end
        return 200, made[:-200] if self.fails == "half" else made

    def _misread(self, request: Any) -> Any:
        if self.fails == "nonce":
            request["nonce"] = request["nonce"].native ^ 1
        if self.fails == "no nonce":
            del request["nonce"]
        if self.fails == "digest":
            request["message_imprint"]["hashed_message"] = b"\0" * 32
        return request


@contextlib.contextmanager
def authority() -> Iterator[Authority]:
    """An authority that answers at its `url` until the end."""
    made = Authority()

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.asked.append((self.headers["Content-Type"], self.headers["Accept"]))
            status, answer = made.answer(self.rfile.read(int(self.headers["Content-Length"])))
            with contextlib.suppress(OSError):
                self.send_response(status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        made.url = f"http://127.0.0.1:{server.server_port}/tsa"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield made
        finally:
            made.over.set()
            server.shutdown()
            thread.join()


def _certificate() -> tuple[Any, Any]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time Authority")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(STAMPED - timedelta(days=1))
        .not_valid_after(STAMPED + timedelta(days=9000))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    written = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return asn1.Certificate.load(made.public_bytes(Encoding.DER)), keys.PrivateKeyInfo.load(written)
