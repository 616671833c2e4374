"""What matching asks of people and campaigns, and how long an invitation stands."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
INFLUENCER = ("styles", "content_languages", "audience", "away")
CAMPAIGN_WORDS = ("category", "product", "goals", "brand_values", "disclosure")
CAMPAIGN_LISTS = ("audience", "styles", "hashtags")


def upgrade() -> None:
    for name in INFLUENCER:
        empty = "{}" if name == "audience" else "[]"
        op.add_column("influencer", sa.Column(name, sa.JSON(), server_default=empty, nullable=False))
    op.add_column("influencer", sa.Column("leaderboard", sa.Boolean(), server_default=sa.false(), nullable=False))
    for name in CAMPAIGN_WORDS:
        size = 60 if name == "category" else None
        op.add_column("campaign", sa.Column(name, sa.String(size), server_default="", nullable=False))
    for name in CAMPAIGN_LISTS:
        empty = "{}" if name == "audience" else "[]"
        op.add_column("campaign", sa.Column(name, sa.JSON(), server_default=empty, nullable=False))
    op.add_column("campaign", sa.Column("invitation_days", sa.Integer(), server_default="7", nullable=False))
    op.add_column("campaign", sa.Column("invite_reserves", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("participation", sa.Column("expires_at", MOMENT, nullable=True))
    op.add_column("participation", sa.Column("reminded_at", MOMENT, nullable=True))
    op.create_index("ix_participation_status_expires_at", "participation", ["status", "expires_at"])


def downgrade() -> None:
    op.drop_index("ix_participation_status_expires_at", table_name="participation")
    for name in ("reminded_at", "expires_at"):
        op.drop_column("participation", name)
    for name in ("invite_reserves", "invitation_days", *CAMPAIGN_LISTS, *CAMPAIGN_WORDS):
        op.drop_column("campaign", name)
    for name in ("leaderboard", *INFLUENCER):
        op.drop_column("influencer", name)
