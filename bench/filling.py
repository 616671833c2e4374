"""Rows by the million, made in SQL: clicks spread over the campaigns, and thirty orders for every thousand of them.

Clicks have ids that grow with time, as the product makes them, and their daily counts are derived from the rows.
Orders are copies of real ones, with all that belongs to them, so that every table and index has its true size and the
copied postings balance as their originals do. Columns that are indexed get values of their own.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table

from bench.databases import Databases
from bench.dialects import DIALECTS, Dialect, raw_connection
from bench.sizes import Size
from bench.stages import BUSY_ORDERS, CROWD_ORDERS, Stages
from campaigns.ids import TimeOrdered
from campaigns.models import AttributionDecision, Delivery, LedgerTransaction, Order, Posting
from tests.faults.stage import Stage

AT_ONCE = 1_000_000
CLICKS_PER_COPY = 1_000  # the thirty orders of the crowd stand for its first thousand clicks
STRIDE = 100_000  # between the ids of an original and its copies; no original's id is as high
WEEK_MS = 7 * 86_400_000
PROCESS, PROCESS_OF_BUSY = 7 << 12, 8 << 12  # in a click's id, see campaigns/ids.py

# What a copy of a row has of its own, r being the original and n the number of the copy.
OWN_ID = {"id": f"r.id + n * {STRIDE}"}
OWN_ORDER = {"order_id": f"r.order_id + n * {STRIDE}"}
COPIED: dict[type[Any], dict[str, str]] = {
    Order: OWN_ID
    | {
        "public_id": "{random14}",
        "external_id": "r.external_id || '-' || n",
        "customer_key": "{random32} || {random32}",
    },
    Delivery: OWN_ID
    | {
        "public_id": "{random14}",
        "delivery_id": "{random32}",
        "body_sha256": "{random32} || {random32}",
        "order_external_id": "r.order_external_id || '-' || n",
    },
    AttributionDecision: OWN_ID | OWN_ORDER,
    LedgerTransaction: OWN_ID | OWN_ORDER,
    Posting: OWN_ID | {"transaction_id": f"r.transaction_id + n * {STRIDE}"},
}
OF_SHOPS = {
    "order": "shop_id IN ({shops})",
    "delivery": "shop_id IN ({shops})",
    "attribution_decision": "order_id IN (SELECT id FROM real_order)",
    "ledger_transaction": "order_id IN (SELECT id FROM real_order)",
    "posting": "transaction_id IN (SELECT id FROM real_ledger_transaction)",
}


def fill(databases: Databases, name: str, stages: Stages, clicks: int, size: Size) -> None:
    """Bring a copy of the stages to so many rows of clicks and orders in proportion, beside those of the busy one."""
    dialect = DIALECTS[databases.kind]
    busy_clicks, busy_orders = size.busy
    with raw_connection(databases, name) as connection:
        _fill_clicks(connection, dialect, (stages.clicked, *stages.crowd), clicks, PROCESS)
        _fill_clicks(connection, dialect, (stages.busy,), busy_clicks, PROCESS_OF_BUSY)
        _copy_orders(connection, dialect, stages.crowd, CROWD_ORDERS, clicks // CLICKS_PER_COPY)
        _copy_orders(connection, dialect, (stages.busy,), BUSY_ORDERS, busy_orders // BUSY_ORDERS)
        if databases.kind == "postgresql":
            for model in COPIED:
                table = f'"{model.__tablename__}"'
                connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
        for statement in dialect.finish:
            connection.execute(statement)


def _fill_clicks(connection: Any, dialect: Dialect, stages: Sequence[Stage], clicks: int, process: int) -> None:
    campaigns = ", ".join(str(stage.campaign_id) for stage in stages)
    connection.execute("DROP TABLE IF EXISTS place")
    connection.execute(
        "CREATE TEMPORARY TABLE place (k integer PRIMARY KEY, link bigint, campaign bigint, part bigint)"
    )
    connection.execute(
        "INSERT INTO place SELECT row_number() OVER (ORDER BY l.id) - 1, l.id, p.campaign_id, p.id "
        "FROM affiliate_link l JOIN participation p ON p.id = l.participation_id "
        f"WHERE p.campaign_id IN ({campaigns})"
    )
    places = connection.execute("SELECT count(*) FROM place").fetchone()[0]
    since = stages[0].now - TimeOrdered.EPOCH
    beginning = (since.days * 86_400 + since.seconds) * 1000 - WEEK_MS
    step = WEEK_MS // (clicks + 1)
    for low in range(1, clicks + 1, AT_ONCE):
        high = min(low + AT_ONCE - 1, clicks)
        ms = f"({beginning} + n * {step})"
        connection.execute(
            dialect.series.format(low=low, high=high)
            + " INSERT INTO click (id, link_id, campaign_id, participation_id, clicked_at, uncounted, visitor, agent, "
            f"referrer) SELECT {ms} * 4194304 + {process}, link, campaign, part, {dialect.moment.format(ms=ms)}, "
            f"CASE WHEN n % 10 = 0 THEN 'robot' ELSE '' END, {dialect.random.format(length=32)}, 'Instagram', "
            f"'l.instagram.com' FROM series CROSS JOIN place WHERE k = n % {places}"
        )
        between = f"id BETWEEN {(beginning + low * step) << 22} AND {(beginning + high * step + 1) << 22}"
        _count_days(connection, dialect, f"{between} AND campaign_id IN ({campaigns})")


def _count_days(connection: Any, dialect: Dialect, which: str) -> None:
    """Add some clicks to the daily counts; days are those of UTC, whatever the campaign's zone."""
    connection.execute(
        'INSERT INTO click_day (campaign_id, participation_id, "on", uncounted, lane, clicks) '
        f"SELECT campaign_id, participation_id, {dialect.day.format(day='day')}, uncounted, 0, clicks FROM ("
        "SELECT campaign_id, participation_id, id / 4194304 / 86400000 AS day, uncounted, count(*) AS clicks "
        f"FROM click WHERE {which} GROUP BY 1, 2, 3, 4) AS counted WHERE true "
        'ON CONFLICT (campaign_id, participation_id, "on", uncounted, lane) '
        "DO UPDATE SET clicks = click_day.clicks + excluded.clicks"
    )


def _copy_orders(connection: Any, dialect: Dialect, stages: Sequence[Stage], originals: int, times: int) -> None:
    """Bring the orders of some stages to so many times their own number."""
    shops = ", ".join(f"'{stage.shop_id}'" for stage in stages)
    inside = f"SELECT id FROM shop WHERE public_id IN ({shops})"
    for model, own in COPIED.items():
        table: Table = model.__table__
        which = OF_SHOPS[table.name].format(shops=inside)
        connection.execute(f"DROP TABLE IF EXISTS real_{table.name}")
        connection.execute(f'CREATE TEMPORARY TABLE real_{table.name} AS SELECT * FROM "{table.name}" WHERE {which}')
        if table.name == "order":
            real = connection.execute("SELECT count(*) FROM real_order").fetchone()[0]
            assert real == originals, real
        if times > 1:
            _copy_rows(connection, dialect, table, own, times - 1)


def _copy_rows(connection: Any, dialect: Dialect, table: Table, own: dict[str, str], copies: int) -> None:
    random = {f"random{length}": dialect.random.format(length=length) for length in (14, 32)}
    names = [column.name for column in table.columns]
    values = [own.get(name, f'r."{name}"').format(**random) for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    connection.execute(
        dialect.series.format(low=1, high=copies)
        + f' INSERT INTO "{table.name}" ({columns}) SELECT {", ".join(values)} '
        f"FROM series CROSS JOIN real_{table.name} AS r"
    )
