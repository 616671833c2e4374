"""Clicks with ids that grow with time and their daily counts; read-back, pull and alarms of shops; link domains.

A click's text id was random, and its unique index the dearest part of a click. The id is now made by the application
(time, process, number); clicks from before keep the text the shops were told in `former_id`.
"""

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN_ALARM = sa.text("cleared_at IS NULL")
FORMER = sa.text("former_id IS NOT NULL")
SHARED = "link_id, campaign_id, participation_id, clicked_at, uncounted, visitor, agent, referrer"


def upgrade() -> None:
    _add_columns()
    op.create_table(
        "click_day",
        sa.Column("campaign_id", BIG, autoincrement=False, nullable=False),
        sa.Column("participation_id", BIG, autoincrement=False, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("uncounted", sa.String(30), nullable=False),
        sa.Column("lane", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("clicks", BIG, nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "participation_id", "on", "uncounted", "lane", name="pk_click_day"),
    )
    op.create_table(
        "retention_mark",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("before", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_retention_mark"),
    )
    op.create_table(
        "shop_alarm",
        sa.Column("id", BIG, nullable=False),
        sa.Column("shop_id", BIG, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("cleared_at", MOMENT, nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_shop_alarm_shop_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shop_alarm"),
    )
    op.create_index(
        "uq_shop_alarm_open", "shop_alarm", ["shop_id", "kind"], unique=True,
        sqlite_where=OPEN_ALARM, postgresql_where=OPEN_ALARM,
    )
    op.execute("CREATE TABLE click_before AS SELECT * FROM click")
    op.drop_table("click")
    _create_click()
    op.execute(
        f"INSERT INTO click (id, {SHARED}, former_id) SELECT id, {SHARED}, click_id FROM click_before ORDER BY id"
    )
    op.execute("DROP TABLE click_before")
    _count_days()


def _add_columns() -> None:
    for table, column in (
        ("brand", sa.Column("link_domain", sa.String(253), server_default="", nullable=False)),
        ("influencer", sa.Column("phone", sa.String(40), server_default="", nullable=False)),
        ("shop", sa.Column("hosts", sa.JSON(), server_default="[]", nullable=False)),
        ("shop", sa.Column("api_url", sa.String(253), server_default="", nullable=False)),
        ("shop", sa.Column("api_credentials", sa.LargeBinary(), nullable=True)),
        ("shop", sa.Column("pulled_to", MOMENT, nullable=True)),
        ("delivery", sa.Column("origin", sa.String(20), server_default="webhook", nullable=False)),
        ("order", sa.Column("landing_url", sa.String(2000), server_default="", nullable=False)),
        ("order", sa.Column("affiliates", sa.JSON(), server_default="[]", nullable=False)),
    ):
        op.add_column(table, column)
    _resize_secrets(200, 4000)
    op.create_index("ix_delivery_shop_id_received_at", "delivery", ["shop_id", "received_at"])
    op.create_index("ix_order_shop_id_customer_key", "order", ["shop_id", "customer_key"])


def _resize_secrets(old: int, new: int) -> None:
    """A secret may be a public key in PEM.

    SQLite has no statement for a column's type; as the length changes nothing on disk, its documented way is to
    correct the text of the schema: https://www.sqlite.org/lang_altertable.html#otheralter
    """
    bind = op.get_bind()
    names = ("webhook_secret", "previous_secret")
    if bind.dialect.name == "postgresql":
        for name in names:
            op.alter_column("shop", name, existing_type=sa.String(old), type_=sa.String(new))
        return
    version = bind.exec_driver_sql("PRAGMA schema_version").scalar()
    bind.exec_driver_sql("PRAGMA writable_schema=ON")
    for name in names:
        change = "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'shop'"
        bind.exec_driver_sql(change, (f"{name} VARCHAR({old})", f"{name} VARCHAR({new})"))
    bind.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema=OFF")


def _create_click() -> None:
    op.create_table(
        "click",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("link_id", BIG, nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("participation_id", BIG, nullable=False),
        sa.Column("clicked_at", MOMENT, nullable=False),
        sa.Column("uncounted", sa.String(30), nullable=False),
        sa.Column("visitor", sa.String(32), nullable=False),
        sa.Column("agent", sa.String(30), nullable=False),
        sa.Column("referrer", sa.String(253), nullable=False),
        sa.Column("former_id", sa.String(22), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_click"),
    )
    op.create_index(
        "uq_click_former_id", "click", ["former_id"], unique=True, sqlite_where=FORMER, postgresql_where=FORMER
    )


def _count_days() -> None:
    """The counts of what is there, by the day of each campaign's own zone."""
    bind = op.get_bind()
    zones = {row[0]: ZoneInfo(row[1]) for row in bind.execute(sa.text("SELECT id, timezone FROM campaign"))}
    clicks = sa.table(
        "click",
        sa.column("campaign_id", BIG),
        sa.column("participation_id", BIG),
        sa.column("clicked_at", MOMENT),
        sa.column("uncounted", sa.String),
    )
    counts: Counter[tuple[int, int, object, str]] = Counter()
    for campaign, participation, at, uncounted in bind.execute(sa.select(clicks)):
        moment: datetime = at if at.tzinfo else at.replace(tzinfo=UTC)
        counts[campaign, participation, moment.astimezone(zones[campaign]).date(), uncounted] += 1
    days = sa.table(
        "click_day",
        *(sa.column(name, BIG) for name in ("campaign_id", "participation_id")),
        sa.column("on", sa.Date),
        sa.column("uncounted", sa.String),
        *(sa.column(name, BIG) for name in ("lane", "clicks")),
    )
    op.bulk_insert(
        days,
        [
            {"campaign_id": key[0], "participation_id": key[1], "on": key[2], "uncounted": key[3], "lane": 0, "clicks": n}
            for key, n in sorted(counts.items(), key=str)
        ],
    )


def downgrade() -> None:
    op.execute("CREATE TABLE click_after AS SELECT * FROM click")
    op.drop_table("click")
    op.create_table(
        "click",
        sa.Column("id", BIG, nullable=False),
        sa.Column("click_id", sa.String(length=22), nullable=False),
        sa.Column("link_id", BIG, nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("participation_id", BIG, nullable=False),
        sa.Column("clicked_at", MOMENT, nullable=False),
        sa.Column("uncounted", sa.String(length=30), nullable=False),
        sa.Column("visitor", sa.String(length=32), nullable=False),
        sa.Column("agent", sa.String(length=30), nullable=False),
        sa.Column("referrer", sa.String(length=253), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_click_campaign_id")),
        sa.ForeignKeyConstraint(["link_id"], ["affiliate_link.id"], name=op.f("fk_click_link_id")),
        sa.ForeignKeyConstraint(["participation_id"], ["participation.id"], name=op.f("fk_click_participation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_click")),
        sa.UniqueConstraint("click_id", name=op.f("uq_click_click_id")),
    )
    op.create_index("ix_click_campaign_id_participation_id", "click", ["campaign_id", "participation_id"])
    op.execute(
        f"INSERT INTO click (id, click_id, {SHARED}) "
        f"SELECT id, coalesce(former_id, 'c' || id), {SHARED} FROM click_after ORDER BY id"
    )
    op.execute("DROP TABLE click_after")
    for table in ("shop_alarm", "retention_mark", "click_day"):
        op.drop_table(table)
    _resize_secrets(4000, 200)
    op.drop_index("ix_order_shop_id_customer_key", "order")
    op.drop_index("ix_delivery_shop_id_received_at", "delivery")
    for table, *columns in (
        ("order", "affiliates", "landing_url"),
        ("delivery", "origin"),
        ("shop", "pulled_to", "api_credentials", "api_url", "hosts"),
        ("influencer", "phone"),
        ("brand", "link_domain"),
    ):
        for column in columns:
            op.drop_column(table, column)
