"""Codes as they stand in the shop, and links of an influencer's own."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "shop_code",
        sa.Column("id", BIG, nullable=False),
        sa.Column("coupon_code_id", BIG, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("external_id", sa.String(120), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("usage_count", sa.Integer(), nullable=True),
        sa.Column("missing_orders", sa.Integer(), nullable=False),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", MOMENT, nullable=True),
        sa.Column("claimed_until", MOMENT, nullable=True),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["coupon_code_id"], ["coupon_code.id"], name="fk_shop_code_coupon_code_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shop_code"),
        sa.UniqueConstraint("coupon_code_id", name="uq_shop_code_coupon_code_id"),
    )
    op.create_index("ix_shop_code_retry_at", "shop_code", ["retry_at"])
    op.create_table(
        "link_count",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("counted_to", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link_count"),
    )
    op.add_column("affiliate_link", sa.Column("page", sa.String(1000), server_default="", nullable=False))
    op.add_column("affiliate_link", sa.Column("label", sa.String(60), server_default="", nullable=False))
    op.add_column("affiliate_link", sa.Column("made_at", MOMENT, nullable=True))
    op.add_column("affiliate_link", sa.Column("clicks", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    for name in ("clicks", "made_at", "label", "page"):
        op.drop_column("affiliate_link", name)
    op.drop_table("link_count")
    op.drop_index("ix_shop_code_retry_at", table_name="shop_code")
    op.drop_table("shop_code")
