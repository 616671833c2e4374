"""House photographers' studios, and who comes when."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "studio",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("photographer", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_studio"),
        sa.UniqueConstraint("public_id", name="uq_studio_public_id"),
    )
    op.create_table(
        "studio_slot",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("studio_id", BIG, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("participation_id", BIG, nullable=True),
        sa.Column("booked_at", MOMENT, nullable=True),
        sa.Column("wishes", sa.String(), nullable=False),
        sa.Column("called_off_at", MOMENT, nullable=True),
        sa.Column("called_off_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["participation_id"], ["participation.id"], name="fk_studio_slot_participation_id"),
        sa.ForeignKeyConstraint(["studio_id"], ["studio.id"], name="fk_studio_slot_studio_id"),
        sa.PrimaryKeyConstraint("id", name="pk_studio_slot"),
        sa.UniqueConstraint("public_id", name="uq_studio_slot_public_id"),
    )
    op.create_index("ix_studio_slot_participation_id", "studio_slot", ["participation_id"])
    op.create_index("ix_studio_slot_studio_id_starts_at", "studio_slot", ["studio_id", "starts_at"])


def downgrade() -> None:
    op.drop_table("studio_slot")
    op.drop_table("studio")
