"""Periods of deliveries to read again, what was known of refusals, and when staff were told of an alarm."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "replay_run",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("shop_id", BIG, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("only_failed", sa.Boolean(), nullable=False),
        sa.Column("requested_by_user_id", BIG, nullable=True),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("total_count", sa.Integer(), nullable=False),
        sa.Column("upto_id", BIG, nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_replay_run_shop_id"),
        sa.ForeignKeyConstraint(["requested_by_user_id"], ["user.id"], name="fk_replay_run_requested_by_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_replay_run"),
        sa.UniqueConstraint("public_id", name="uq_replay_run_public_id"),
    )
    op.create_index("ix_replay_run_shop_id", "replay_run", ["shop_id"])
    op.create_index("ix_replay_run_finished_at", "replay_run", ["finished_at"])
    op.create_table(
        "shop_watch",
        sa.Column("shop_id", BIG, autoincrement=False, nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("heard_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_shop_watch_shop_id"),
        sa.PrimaryKeyConstraint("shop_id", name="pk_shop_watch"),
    )
    op.add_column("shop_alarm", sa.Column("told_at", MOMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("shop_alarm", "told_at")
    op.drop_table("shop_watch")
    op.drop_index("ix_replay_run_finished_at", "replay_run")
    op.drop_index("ix_replay_run_shop_id", "replay_run")
    op.drop_table("replay_run")
