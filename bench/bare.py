"""What everything is compared with: Flask alone, doing the least that a redirect and a webhook can be.

A redirect that stores nothing; a webhook whose signature is checked and whose body is one INSERT and one COMMIT. No
product behind it, only the same server, the same SQLite build and the same durability.
"""

import base64
import hashlib
import hmac
import os
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Column, Engine, Integer, LargeBinary, MetaData, Table, create_engine, event, insert
from sqlalchemy.engine import make_url

from campaigns.db import journal_mode, sqlite_module
from config import Settings

SECRET = "BENCH_SHOP_SECRET"

BODIES = Table(
    "bench_body", MetaData(), Column("id", Integer, primary_key=True), Column("body", LargeBinary, nullable=False)
)


def engine_of(url: str) -> Engine:
    """A plain engine with connections enough for every thread."""
    if make_url(url).get_backend_name() == "postgresql":
        return create_engine(url, pool_size=40)
    engine = create_engine(url, pool_size=40, module=sqlite_module(), connect_args={"timeout": 30})
    event.listen(engine, "connect", _durable)
    return engine


def _durable(connection: Any, _record: Any) -> None:
    connection.execute(f"PRAGMA journal_mode={journal_mode()}")
    connection.execute("PRAGMA synchronous=FULL")


def create() -> Flask:
    """The application of the environment's database and shop."""
    app = Flask(__name__)
    engine = engine_of(Settings.from_env().database_url)
    BODIES.create(engine, checkfirst=True)
    secret = os.environ[SECRET].encode()

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    @app.get("/r/<slug>")
    def follow_link(slug: str) -> Response:
        return Response(status=302, headers={"Location": f"https://shop.example.com/?link={slug}"})

    @app.post("/webhooks/<platform>/<shop_id>")
    def receive_delivery(platform: str, shop_id: str) -> tuple[str, int]:
        body = request.get_data()
        digest = base64.b64encode(hmac.digest(secret, body, hashlib.sha256)).decode()
        if not hmac.compare_digest(digest, request.headers["X-Shopify-Hmac-Sha256"]):
            return "forged", 401
        with engine.begin() as connection:
            connection.execute(insert(BODIES).values(body=body))
        return "stored", 200

    return app
