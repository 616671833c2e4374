"""Who is proposed for a campaign, in which place, and who is held in reserve."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "candidate",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("influencer_id", BIG, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reserve", sa.Boolean(), nullable=False),
        sa.Column("weight_percent", sa.Integer(), nullable=False),
        sa.Column("fit_bps", sa.Integer(), nullable=False),
        sa.Column("fairness_bps", sa.Integer(), nullable=False),
        sa.Column("total_ppm", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("proposed_by_user_id", BIG, nullable=True),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_candidate_campaign_id"),
        sa.ForeignKeyConstraint(["influencer_id"], ["influencer.id"], name="fk_candidate_influencer_id"),
        sa.ForeignKeyConstraint(["proposed_by_user_id"], ["user.id"], name="fk_candidate_proposed_by_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_candidate"),
        sa.UniqueConstraint("public_id", name="uq_candidate_public_id"),
    )
    op.create_index("ix_candidate_influencer_id", "candidate", ["influencer_id"])
    standing = sa.text("status <> 'dropped'")
    op.create_index(
        "uq_candidate_standing", "candidate", ["campaign_id", "influencer_id"],
        unique=True, sqlite_where=standing, postgresql_where=standing,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("uq_candidate_standing", table_name="candidate")
    op.drop_index("ix_candidate_influencer_id", table_name="candidate")
    op.drop_table("candidate")
