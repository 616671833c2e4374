"""Dated follower counts, and files of the roster brought in with a preview."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "follower_count",
        sa.Column("id", BIG, nullable=False),
        sa.Column("influencer_id", BIG, nullable=False),
        sa.Column("network", sa.String(40), nullable=False),
        sa.Column("handle", sa.String(100), nullable=False),
        sa.Column("followers", BIG, nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_follower_count"),
        sa.ForeignKeyConstraint(["influencer_id"], ["influencer.id"], name="fk_follower_count_influencer_id"),
    )
    op.create_index("ix_follower_count_influencer_id_counted_on", "follower_count", ["influencer_id", "counted_on"])
    op.create_table(
        "import_run",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("made_by_user_id", BIG, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("decided_by_user_id", BIG, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_import_run"),
        sa.UniqueConstraint("public_id", name="uq_import_run_public_id"),
        sa.ForeignKeyConstraint(["made_by_user_id"], ["user.id"], name="fk_import_run_made_by_user_id"),
        sa.ForeignKeyConstraint(["decided_by_user_id"], ["user.id"], name="fk_import_run_decided_by_user_id"),
    )


def downgrade() -> None:
    op.drop_table("import_run")
    op.drop_index("ix_follower_count_influencer_id_counted_on", table_name="follower_count")
    op.drop_table("follower_count")
