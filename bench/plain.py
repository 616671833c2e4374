"""The product's own functions behind a plain Flask view, with one commit for each request.

The design anyone would begin with. What the product's lanes win or lose against it is what grouping commits and
leaving Flask out of the two hot routes is worth.
"""

from flask import Flask, Response, request
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.db import engine_options, prepare
from campaigns.ids import TimeOrdered
from campaigns.models import Shop
from campaigns.tracking import inbox
from campaigns.tracking.click_ids import signed
from campaigns.tracking.clicks import Visit, click_row, write_clicks
from campaigns.tracking.links import destination, find_target
from config import Settings


def create() -> Flask:
    """The application of the environment's settings."""
    app = Flask(__name__)
    settings = Settings.from_env()
    key = settings.identity_key
    engine = create_engine(settings.database_url, **engine_options(settings.database_url))
    prepare(engine)
    numbers = TimeOrdered()

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    @app.get("/r/<slug>")
    def follow_link(slug: str) -> Response:
        now = utc_now()
        with engine.begin() as connection:
            target = find_target(connection, slug)
            if target is None:
                return Response(status=404)
            row = click_row(target, Visit("GET", _headers(), request.remote_addr or ""), numbers.next(now), key, now)
            write_clicks(connection, [row], 0)
        return Response(status=302, headers={"Location": destination(target, signed(key, row.id))})

    @app.post("/webhooks/<platform>/<shop_id>")
    def receive_delivery(platform: str, shop_id: str) -> tuple[str, int]:
        body, now = request.get_data(), utc_now()
        with Session(engine) as session:
            shop = session.scalar(select(Shop).where(Shop.public_id == shop_id, Shop.platform == platform))
            if shop is None:
                return "no such shop", 404
            envelope = inbox.verify(shop, _headers(), body, now)
            assert envelope is not None, "our shop sends no pings"
            inbox.keep(session.connection(), [inbox.arrival(shop, envelope, body, now)], key, now)
            session.commit()
        return "stored", 200

    return app


def _headers() -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}
