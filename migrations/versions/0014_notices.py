"""What people are told in the app, and which of it they want."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("letter", sa.String(60), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("path", sa.String(500), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_notice_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("public_id", name="uq_notice_public_id"),
    )
    op.create_index("ix_notice_user_id_id", "notice", ["user_id", "id"])
    unread = sa.text("read_at IS NULL")
    op.create_index("ix_notice_unread", "notice", ["user_id"], sqlite_where=unread, postgresql_where=unread)
    op.create_table(
        "notice_choice",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("by_mail", sa.Boolean(), nullable=False),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_notice_choice_user_id"),
        sa.PrimaryKeyConstraint("user_id", "topic", name="pk_notice_choice"),
    )
    op.create_table(
        "week_summed",
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("summed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_week_summed_user_id"),
        sa.PrimaryKeyConstraint("user_id", "week", name="pk_week_summed"),
    )
    op.create_table(
        "code_suspicion",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("participation_id", BIG, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("buyers", sa.Integer(), nullable=False),
        sa.Column("observed_bps", sa.Integer(), nullable=False),
        sa.Column("baseline_bps", sa.Integer(), nullable=False),
        sa.Column("limit_bps", sa.Integer(), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by_user_id", BIG, nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by_user_id"], ["user.id"], name="fk_code_suspicion_closed_by_user_id"),
        sa.ForeignKeyConstraint(["participation_id"], ["participation.id"], name="fk_code_suspicion_participation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_code_suspicion"),
        sa.UniqueConstraint("public_id", name="uq_code_suspicion_public_id"),
    )
    op.create_index("uq_code_suspicion_kind", "code_suspicion", ["participation_id", "kind"], unique=True)
    still = sa.text("closed_at IS NULL")
    op.create_index("ix_code_suspicion_open", "code_suspicion", ["id"], sqlite_where=still, postgresql_where=still)


def downgrade() -> None:
    op.drop_index("ix_code_suspicion_open", table_name="code_suspicion")
    op.drop_index("uq_code_suspicion_kind", table_name="code_suspicion")
    op.drop_table("code_suspicion")
    op.drop_table("week_summed")
    op.drop_table("notice_choice")
    op.drop_index("ix_notice_unread", table_name="notice")
    op.drop_index("ix_notice_user_id_id", table_name="notice")
    op.drop_table("notice")
