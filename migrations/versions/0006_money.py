"""What stands between the ledger and the bank: rates, holds, disputes, bills, payouts line by line, reconciliations.

Batches paid before are written down as done, each payee's line as paid.
"""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
# As in 0002: rows that are added and stay.
IMMUTABLE = ("bill", "bill_posting", "dispute_message")


def upgrade() -> None:
    _rates_and_rules()
    _contacts()
    _reconciliations()
    _bills()
    _disputes()
    _payouts()
    _columns()
    _keep_for_good()
    _note_earlier_batches()


def _rates_and_rules() -> None:
    op.create_table(
        "exchange_rate",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("from_currency", sa.String(3), nullable=False),
        sa.Column("to_currency", sa.String(3), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("rate_millionths", BIG, nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("entered_by_user_id", BIG, nullable=True),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("superseded_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["entered_by_user_id"], ["user.id"], name="fk_exchange_rate_entered_by_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exchange_rate"),
        sa.UniqueConstraint("public_id", name="uq_exchange_rate_public_id"),
    )
    op.create_index("ix_exchange_rate_from_currency_to_currency", "exchange_rate", ["from_currency", "to_currency"])
    op.create_table(
        "route_rule",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("above_minor", BIG, nullable=False),
        sa.Column("preferred", sa.String(20), nullable=False),
        sa.Column("route", sa.String(20), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("entered_by_user_id", BIG, nullable=True),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["entered_by_user_id"], ["user.id"], name="fk_route_rule_entered_by_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_route_rule"),
        sa.UniqueConstraint("public_id", name="uq_route_rule_public_id"),
    )
    op.create_table(
        "hold",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("held_by_user_id", BIG, nullable=True),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("released_by_user_id", BIG, nullable=True),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("release_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["held_by_user_id"], ["user.id"], name="fk_hold_held_by_user_id"),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk_hold_order_id"),
        sa.ForeignKeyConstraint(["released_by_user_id"], ["user.id"], name="fk_hold_released_by_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
    )
    op.create_index(
        "uq_hold_open",
        "hold",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )


def _contacts() -> None:
    op.create_table(
        "contact",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("shop_id", BIG, nullable=False),
        sa.Column("external_id", sa.String(120), nullable=False),
        sa.Column("version", MOMENT, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("click_ids", sa.JSON(), nullable=False),
        sa.Column("customer_key", sa.String(64), nullable=False),
        sa.Column("phone_key", sa.String(64), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.Column("campaign_id", BIG, nullable=True),
        sa.Column("participation_id", BIG, nullable=True),
        sa.Column("acceptance_id", BIG, nullable=True),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("decided_by_user_id", BIG, nullable=True),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["acceptance_id"], ["acceptance.id"], name="fk_contact_acceptance_id"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_contact_campaign_id"),
        sa.ForeignKeyConstraint(["decided_by_user_id"], ["user.id"], name="fk_contact_decided_by_user_id"),
        sa.ForeignKeyConstraint(["participation_id"], ["participation.id"], name="fk_contact_participation_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_contact_shop_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact"),
        sa.UniqueConstraint("public_id", name="uq_contact_public_id"),
        sa.UniqueConstraint("shop_id", "external_id", name="uq_contact_shop_id_external_id"),
    )
    op.create_index("ix_contact_campaign_id_participation_id", "contact", ["campaign_id", "participation_id"])


def _reconciliations() -> None:
    op.create_table(
        "reconciliation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("matched_count", sa.Integer(), nullable=False),
        sa.Column("made_by_user_id", BIG, nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_reconciliation_campaign_id"),
        sa.ForeignKeyConstraint(["made_by_user_id"], ["user.id"], name="fk_reconciliation_made_by_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reconciliation"),
        sa.UniqueConstraint("public_id", name="uq_reconciliation_public_id"),
    )
    op.create_index("ix_reconciliation_campaign_id", "reconciliation", ["campaign_id"])
    op.create_table(
        "finding",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("reconciliation_id", BIG, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("external_id", sa.String(120), nullable=False),
        sa.Column("number", sa.String(255), nullable=False),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("ours", sa.JSON(), nullable=False),
        sa.Column("theirs", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by_user_id", BIG, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["decided_by_user_id"], ["user.id"], name="fk_finding_decided_by_user_id"),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk_finding_order_id"),
        sa.ForeignKeyConstraint(["reconciliation_id"], ["reconciliation.id"], name="fk_finding_reconciliation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
        sa.UniqueConstraint("public_id", name="uq_finding_public_id"),
        sa.UniqueConstraint(
            "reconciliation_id", "kind", "external_id", name="uq_finding_reconciliation_id_kind_external_id"
        ),
    )
    op.create_index("ix_finding_reconciliation_id", "finding", ["reconciliation_id"])
    op.create_index("ix_finding_status", "finding", ["status"])


def _bills() -> None:
    op.create_table(
        "bill",
        sa.Column("id", BIG, nullable=False),
        sa.Column("document_id", BIG, nullable=False),
        sa.Column("brand_id", BIG, nullable=False),
        sa.Column("campaign_id", BIG, nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("commission_minor", BIG, nullable=False),
        sa.Column("fee_minor", BIG, nullable=False),
        sa.Column("vat_minor", BIG, nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name="fk_bill_brand_id"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_bill_campaign_id"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_bill_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bill"),
        sa.UniqueConstraint("document_id", name="uq_bill_document_id"),
    )
    op.create_index("ix_bill_brand_id", "bill", ["brand_id"])
    op.create_index("ix_bill_campaign_id", "bill", ["campaign_id"])
    op.create_table(
        "bill_posting",
        sa.Column("posting_id", BIG, nullable=False),
        sa.Column("bill_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name="fk_bill_posting_bill_id"),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name="fk_bill_posting_posting_id"),
        sa.PrimaryKeyConstraint("posting_id", name="pk_bill_posting"),
    )
    op.create_index("ix_bill_posting_bill_id", "bill_posting", ["bill_id"])


def _disputes() -> None:
    op.create_table(
        "dispute",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("participation_id", BIG, nullable=True),
        sa.Column("order_id", BIG, nullable=True),
        sa.Column("contact_id", BIG, nullable=True),
        sa.Column("statement_id", BIG, nullable=True),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("opened_by_user_id", BIG, nullable=False),
        sa.Column("opened_by_role", sa.String(20), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("compensation_minor", BIG, nullable=False),
        sa.Column("resolution", sa.String(), nullable=False),
        sa.Column("resolved_by_user_id", BIG, nullable=True),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name="fk_dispute_campaign_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_dispute_contact_id"),
        sa.ForeignKeyConstraint(["opened_by_user_id"], ["user.id"], name="fk_dispute_opened_by_user_id"),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name="fk_dispute_order_id"),
        sa.ForeignKeyConstraint(["participation_id"], ["participation.id"], name="fk_dispute_participation_id"),
        sa.ForeignKeyConstraint(["resolved_by_user_id"], ["user.id"], name="fk_dispute_resolved_by_user_id"),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name="fk_dispute_statement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_dispute"),
        sa.UniqueConstraint("public_id", name="uq_dispute_public_id"),
    )
    op.create_index("ix_dispute_campaign_id", "dispute", ["campaign_id"])
    op.create_index("ix_dispute_order_id", "dispute", ["order_id"])
    op.create_index("ix_dispute_participation_id", "dispute", ["participation_id"])
    op.create_index("ix_dispute_status", "dispute", ["status"])
    op.create_table(
        "dispute_message",
        sa.Column("id", BIG, nullable=False),
        sa.Column("dispute_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name="fk_dispute_message_dispute_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_dispute_message_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_dispute_message"),
    )
    op.create_index("ix_dispute_message_dispute_id", "dispute_message", ["dispute_id"])


def _payouts() -> None:
    op.create_table(
        "payout_batch",
        sa.Column("id", BIG, nullable=False),
        sa.Column("document_id", BIG, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("pay_date", sa.Date(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("prepared_by_user_id", BIG, nullable=True),
        sa.Column("prepared_at", MOMENT, nullable=False),
        sa.Column("released_by_user_id", BIG, nullable=True),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_payout_batch_document_id"),
        sa.ForeignKeyConstraint(["prepared_by_user_id"], ["user.id"], name="fk_payout_batch_prepared_by_user_id"),
        sa.ForeignKeyConstraint(["released_by_user_id"], ["user.id"], name="fk_payout_batch_released_by_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payout_batch"),
        sa.UniqueConstraint("document_id", name="uq_payout_batch_document_id"),
    )
    op.create_index("ix_payout_batch_status", "payout_batch", ["status"])
    op.create_table(
        "payout_line",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("batch_id", BIG, nullable=False),
        sa.Column("influencer_id", BIG, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount_minor", BIG, nullable=False),
        sa.Column("statement_ids", sa.JSON(), nullable=False),
        sa.Column("payee", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("bank_reference", sa.String(100), nullable=False),
        sa.Column("failure_reason", sa.String(), nullable=False),
        sa.Column("marked_by_user_id", BIG, nullable=True),
        sa.Column("marked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["payout_batch.id"], name="fk_payout_line_batch_id"),
        sa.ForeignKeyConstraint(["influencer_id"], ["influencer.id"], name="fk_payout_line_influencer_id"),
        sa.ForeignKeyConstraint(["marked_by_user_id"], ["user.id"], name="fk_payout_line_marked_by_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payout_line"),
        sa.UniqueConstraint("public_id", name="uq_payout_line_public_id"),
    )
    op.create_index("ix_payout_line_batch_id", "payout_line", ["batch_id"])
    op.create_index(
        "uq_payout_line_under_way",
        "payout_line",
        ["influencer_id", "currency"],
        unique=True,
        sqlite_where=sa.text("status IN ('prepared', 'released')"),
        postgresql_where=sa.text("status IN ('prepared', 'released')"),
    )


def _columns() -> None:
    op.add_column("ledger_transaction", sa.Column("contact_id", BIG, nullable=True))
    op.add_column("ledger_transaction", sa.Column("dispute_id", BIG, nullable=True))
    op.add_column("ledger_transaction", sa.Column("basis", sa.JSON(), nullable=True))
    op.create_index("ix_ledger_transaction_contact_id", "ledger_transaction", ["contact_id"])
    op.create_index("ix_ledger_transaction_dispute_id", "ledger_transaction", ["dispute_id"])
    op.add_column("participation", sa.Column("route_override", sa.String(20), server_default="", nullable=False))
    op.add_column("participation", sa.Column("route_override_reason", sa.String(), server_default="", nullable=False))
    op.add_column("shop", sa.Column("asks_for_new_buyers", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("statement", sa.Column("route", sa.String(20), server_default="", nullable=False))
    op.add_column("statement", sa.Column("route_reason", sa.String(), server_default="", nullable=False))


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


def _note_earlier_batches() -> None:
    bind = op.get_bind()
    tables = sa.MetaData()
    names = ("document", "payout_statement", "influencer", "payout_batch", "payout_line")
    document, paid, influencer, batch, line = (sa.Table(name, tables, autoload_with=bind) for name in names)
    people = {row.public_id: row.id for row in bind.execute(sa.select(influencer.c.public_id, influencer.c.id))}
    for paper in bind.execute(sa.select(document).where(document.c.kind == "payout_batch").order_by(document.c.id)):
        contents = json.loads(paper.contents)
        batch_id = bind.execute(
            batch.insert().values(
                document_id=paper.id, currency=contents["currency"], pay_date=date.fromisoformat(contents["pay_date"]),
                status="done", prepared_at=paper.issued_at, released_at=paper.issued_at,
            ).returning(batch.c.id)
        ).scalar_one()  # fmt: skip
        statements = _statements_of(bind, paid, paper.id)
        for row in contents["rows"]:
            person = people[row["influencer"]]
            bind.execute(
                line.insert().values(
                    public_id=f"{paper.public_id[:14]}{person}", batch_id=batch_id, influencer_id=person,
                    currency=contents["currency"], amount_minor=row["amount_minor"], status="paid", payee=row,
                    statement_ids=statements.get(person, []), bank_reference="", failure_reason="",
                    marked_at=paper.issued_at,
                )
            )  # fmt: skip


def _statements_of(bind: sa.Connection, paid: sa.Table, document_id: int) -> dict[int, list[int]]:
    statement = sa.Table("statement", sa.MetaData(), autoload_with=bind)
    found: dict[int, list[int]] = {}
    rows = bind.execute(
        sa.select(statement.c.influencer_id, statement.c.id)
        .join(paid, paid.c.statement_id == statement.c.id)
        .where(paid.c.document_id == document_id)
        .order_by(statement.c.id)
    )
    for person, number in rows:
        found.setdefault(person, []).append(number)
    return found


def downgrade() -> None:
    op.drop_column("statement", "route_reason")
    op.drop_column("statement", "route")
    op.drop_column("shop", "asks_for_new_buyers")
    op.drop_column("participation", "route_override_reason")
    op.drop_column("participation", "route_override")
    op.drop_index("ix_ledger_transaction_dispute_id", table_name="ledger_transaction")
    op.drop_index("ix_ledger_transaction_contact_id", table_name="ledger_transaction")
    op.drop_column("ledger_transaction", "basis")
    op.drop_column("ledger_transaction", "dispute_id")
    op.drop_column("ledger_transaction", "contact_id")
    op.drop_index("ix_bill_posting_bill_id", table_name="bill_posting")
    op.drop_table("bill_posting")
    op.drop_index("ix_dispute_message_dispute_id", table_name="dispute_message")
    op.drop_table("dispute_message")
    op.drop_index("uq_payout_line_under_way", table_name="payout_line")
    op.drop_index("ix_payout_line_batch_id", table_name="payout_line")
    op.drop_table("payout_line")
    op.drop_index("ix_dispute_status", table_name="dispute")
    op.drop_index("ix_dispute_participation_id", table_name="dispute")
    op.drop_index("ix_dispute_order_id", table_name="dispute")
    op.drop_index("ix_dispute_campaign_id", table_name="dispute")
    op.drop_table("dispute")
    op.drop_index("ix_payout_batch_status", table_name="payout_batch")
    op.drop_table("payout_batch")
    op.drop_index("ix_contact_campaign_id_participation_id", table_name="contact")
    op.drop_table("contact")
    op.drop_index("ix_bill_campaign_id", table_name="bill")
    op.drop_index("ix_bill_brand_id", table_name="bill")
    op.drop_table("bill")
    op.drop_index("ix_finding_status", table_name="finding")
    op.drop_index("ix_finding_reconciliation_id", table_name="finding")
    op.drop_table("finding")
    op.drop_index("ix_reconciliation_campaign_id", table_name="reconciliation")
    op.drop_table("reconciliation")
    op.drop_index("uq_hold_open", table_name="hold")
    op.drop_table("hold")
    op.drop_table("route_rule")
    op.drop_index("ix_exchange_rate_from_currency_to_currency", table_name="exchange_rate")
    op.drop_table("exchange_rate")
