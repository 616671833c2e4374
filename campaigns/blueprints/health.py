"""Is the process alive, is the database there, and the figures a monitor wants."""

import hmac

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from campaigns.blueprints.context import settings
from campaigns.db import db
from campaigns.errors import NotFound
from campaigns.models import ClickDay, Delivery, Order
from campaigns.tracking.finding import LOOKED_THROUGH, RARE

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The database answers and has the schema this code was written for."""
    try:
        current = MigrationContext.configure(db.session.connection()).get_current_revision()
    except SQLAlchemyError:
        return {"status": "database away"}, 503, {"Retry-After": "5"}
    wanted = ScriptDirectory(current_app.extensions["migrate"].directory).get_current_head()
    if current != wanted:
        return {"status": "schema behind", "current": current, "wanted": wanted}, 503, {"Retry-After": "5"}
    return {"status": "ok", "schema": current}


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Prometheus text, to the bearer of METRICS_TOKEN or from this machine."""
    token = settings().metrics_token
    offered = request.headers.get("Authorization", "").removeprefix("Bearer ")
    by_token = bool(token) and hmac.compare_digest(offered.encode(), token.encode())
    if not by_token and request.remote_addr not in {"127.0.0.1", "::1"}:
        raise NotFound("no such page")
    lines = [f'campaigns_deliveries{{status="{status}"}} {_in_status(status)}' for status in RARE]
    # Not counted row by row: clicks are counted already, and the newest row's number says how many came before it.
    totals = {"deliveries": func.max(Delivery.id), "clicks": func.sum(ClickDay.clicks), "orders": func.max(Order.id)}
    for name, value in totals.items():
        lines.append(f"campaigns_{name}_total {db.session.scalar(select(func.coalesce(value, 0)))}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")


def _in_status(status: str) -> int:
    """How many deliveries are in a status few are in, by its index alone, and no more than LOOKED_THROUGH of them."""
    some = select(Delivery.status).where(Delivery.status == status).limit(LOOKED_THROUGH).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0
