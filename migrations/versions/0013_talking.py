"""Questions to the agency and the brand, and what went wrong with whom."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
# As in 0002: rows that are added and stay.
IMMUTABLE = ("talk_message", "incident_step")


def upgrade() -> None:
    _talks()
    _incidents()
    _keep_for_good()


def _talks() -> None:
    op.create_table(
        "talk",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("told_subject", sa.String(200), nullable=False),
        sa.Column("campaign_id", BIG, nullable=True),
        sa.Column("influencer_id", BIG, nullable=True),
        sa.Column("brand_id", BIG, nullable=True),
        sa.Column("everybody", sa.Boolean(), nullable=False),
        sa.Column("opened_by_user_id", BIG, nullable=False),
        sa.Column("opened_by_role", sa.String(20), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("unmediated", sa.Boolean(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name="fk_talk_brand_id"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_talk_campaign_id"),
        sa.ForeignKeyConstraint(["influencer_id"], ["influencer.id"], name="fk_talk_influencer_id"),
        sa.ForeignKeyConstraint(["opened_by_user_id"], ["user.id"], name="fk_talk_opened_by_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_talk"),
        sa.UniqueConstraint("public_id", name="uq_talk_public_id"),
    )
    for column in ("brand_id", "campaign_id", "influencer_id", "status"):
        op.create_index(f"ix_talk_{column}", "talk", [column])
    op.create_table(
        "talk_message",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("talk_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("for_influencer", sa.Boolean(), nullable=False),
        sa.Column("for_brand", sa.Boolean(), nullable=False),
        sa.Column("asks_passing", sa.Boolean(), nullable=False),
        sa.Column("passes_id", BIG, nullable=True),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["passes_id"], ["talk_message.id"], name="fk_talk_message_passes_id"),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name="fk_talk_message_talk_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_talk_message_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_talk_message"),
        sa.UniqueConstraint("passes_id", name="uq_talk_message_passes_id"),
        sa.UniqueConstraint("public_id", name="uq_talk_message_public_id"),
    )
    op.create_index("ix_talk_message_talk_id_id", "talk_message", ["talk_id", "id"])
    op.create_table(
        "talk_reader",
        sa.Column("talk_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("message_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["talk_message.id"], name="fk_talk_reader_message_id"),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name="fk_talk_reader_talk_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_talk_reader_user_id"),
        sa.PrimaryKeyConstraint("talk_id", "user_id", name="pk_talk_reader"),
    )


def _incidents() -> None:
    op.create_table(
        "incident",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("talk_id", BIG, nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("influencer_id", BIG, nullable=True),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("compensation", sa.String(), nullable=False),
        sa.Column("compensated_by", sa.String(20), nullable=False),
        sa.Column("answer_url", sa.String(2000), nullable=False),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_incident_campaign_id"),
        sa.ForeignKeyConstraint(["influencer_id"], ["influencer.id"], name="fk_incident_influencer_id"),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk_incident_order_id"),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name="fk_incident_talk_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.UniqueConstraint("public_id", name="uq_incident_public_id"),
        sa.UniqueConstraint("talk_id", name="uq_incident_talk_id"),
    )
    for column in ("campaign_id", "influencer_id", "order_id", "status"):
        op.create_index(f"ix_incident_{column}", "incident", [column])
    op.create_table(
        "incident_step",
        sa.Column("id", BIG, nullable=False),
        sa.Column("incident_id", BIG, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_incident_step_incident_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_incident_step_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_incident_step"),
    )
    op.create_index("ix_incident_step_incident_id", "incident_step", ["incident_id"])


def _keep_for_good() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in IMMUTABLE:
        if postgresql:
            op.execute(
                f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_untruncated BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            continue
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
            )


def downgrade() -> None:
    for table in ("incident_step", "incident", "talk_reader", "talk_message", "talk"):
        op.drop_table(table)
