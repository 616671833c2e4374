"""What is checked and agreed before a launch: reviews, the brand's decisions, material, training."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _vetting()
    _material()
    _training()
    _decisions()


def _vetting() -> None:
    op.create_table(
        "vetting_review",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("subject", sa.String(20), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("link", sa.String(2000), nullable=False),
        sa.Column("good_ratings", sa.Integer(), nullable=True),
        sa.Column("bad_ratings", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("by_user_id", BIG, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["by_user_id"], ["user.id"], name="fk_vetting_review_by_user_id"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_vetting_review_campaign_id"),
        sa.PrimaryKeyConstraint("id", name="pk_vetting_review"),
        sa.UniqueConstraint("public_id", name="uq_vetting_review_public_id"),
    )
    op.create_index("ix_vetting_review_campaign_id", "vetting_review", ["campaign_id"])


def _material() -> None:
    op.create_table(
        "campaign_asset",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("link", sa.String(2000), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("added_by_user_id", BIG, nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["added_by_user_id"], ["user.id"], name="fk_campaign_asset_added_by_user_id"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_campaign_asset_campaign_id"),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_asset"),
        sa.UniqueConstraint("public_id", name="uq_campaign_asset_public_id"),
    )
    op.create_index("ix_campaign_asset_campaign_id", "campaign_asset", ["campaign_id"])


def _training() -> None:
    op.create_table(
        "training_page",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("campaign_id", BIG, nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("link", sa.String(2000), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("changed_by_user_id", BIG, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_training_page_campaign_id"),
        sa.ForeignKeyConstraint(["changed_by_user_id"], ["user.id"], name="fk_training_page_changed_by_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_training_page"),
        sa.UniqueConstraint("public_id", name="uq_training_page_public_id"),
    )
    op.create_index("ix_training_page_campaign_id", "training_page", ["campaign_id"])


def _decisions() -> None:
    op.create_table(
        "brand_decision",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("subject", sa.String(10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_brand_decision_campaign_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_brand_decision_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_brand_decision"),
        sa.UniqueConstraint("public_id", name="uq_brand_decision_public_id"),
        sa.UniqueConstraint("campaign_id", "subject", "number", name="uq_brand_decision_campaign_id_subject_number"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER brand_decision_immutable BEFORE UPDATE OR DELETE ON brand_decision "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER brand_decision_untruncated BEFORE TRUNCATE ON brand_decision "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER brand_decision_no_{verb.lower()} BEFORE {verb} ON brand_decision "
            "BEGIN SELECT RAISE(ABORT, 'brand_decision rows are never changed'); END"
        )


def downgrade() -> None:
    op.drop_table("brand_decision")
    op.drop_index("ix_training_page_campaign_id", table_name="training_page")
    op.drop_table("training_page")
    op.drop_index("ix_campaign_asset_campaign_id", table_name="campaign_asset")
    op.drop_table("campaign_asset")
    op.drop_index("ix_vetting_review_campaign_id", table_name="vetting_review")
    op.drop_table("vetting_review")
