"""Forms that came after their sender's session had ended; and payees' papers are found by their number."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_form",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page", sa.String(2000), nullable=False),
        sa.Column("action", sa.String(2000), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_kept_form_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_kept_form"),
    )
    op.create_index("ix_received_document_number", "received_document", ["number"])


def downgrade() -> None:
    op.drop_index("ix_received_document_number", table_name="received_document")
    op.drop_table("kept_form")
