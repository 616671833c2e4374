"""Orders are found by the number people know them by; when a shop's unsigned ping was received."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_order_number", "order", ["number"])
    op.add_column("shop", sa.Column("pinged_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("shop", "pinged_at")
    op.drop_index("ix_order_number", "order")
