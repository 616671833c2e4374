"""A keyed hash beside the plain ones of each paper's file; and whose income tax is withheld on the year so far."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document_file", sa.Column("seal", sa.String(64), nullable=True))
    op.add_column("influencer", sa.Column("cumulative", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("influencer", "cumulative")
    op.drop_column("document_file", "seal")
