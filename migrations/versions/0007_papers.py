"""Customers registered in advance; rows of tax tables people enter; papers payees send, and their answers to ours."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
# As in 0002: rows that are added and stay.
IMMUTABLE = ("document_answer", "document_mail", "payroll_order_statement")


def upgrade() -> None:
    _registrations()
    _deductions()
    _exchanged()
    _holds_of_contacts()
    _columns()
    _keep_for_good()


def _registrations() -> None:
    op.create_table(
        "registration",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("shop_id", BIG, nullable=False),
        sa.Column("participation_id", BIG, nullable=False),
        sa.Column("customer_key", sa.String(64), nullable=False),
        sa.Column("phone_key", sa.String(64), nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("exclusive", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("registered_by_user_id", BIG, nullable=True),
        sa.Column("binds_until", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_user_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["ended_by_user_id"], ["user.id"], name="fk_registration_ended_by_user_id"),
        sa.ForeignKeyConstraint(["participation_id"], ["participation.id"], name="fk_registration_participation_id"),
        sa.ForeignKeyConstraint(["registered_by_user_id"], ["user.id"], name="fk_registration_registered_by_user_id"),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_registration_shop_id"),
        sa.PrimaryKeyConstraint("id", name="pk_registration"),
        sa.UniqueConstraint("public_id", name="uq_registration_public_id"),
    )
    op.create_index("ix_registration_participation_id", "registration", ["participation_id"])
    op.create_index("ix_registration_shop_id_customer_key", "registration", ["shop_id", "customer_key"])
    op.create_index("ix_registration_shop_id_phone_key", "registration", ["shop_id", "phone_key"])
    op.create_index(
        "uq_registration_customer",
        "registration",
        ["shop_id", "customer_key"],
        unique=True,
        sqlite_where=sa.text("exclusive AND ended_at IS NULL AND customer_key <> ''"),
        postgresql_where=sa.text("exclusive AND ended_at IS NULL AND customer_key <> ''"),
    )
    op.create_index(
        "uq_registration_phone",
        "registration",
        ["shop_id", "phone_key"],
        unique=True,
        sqlite_where=sa.text("exclusive AND ended_at IS NULL AND phone_key <> ''"),
        postgresql_where=sa.text("exclusive AND ended_at IS NULL AND phone_key <> ''"),
    )


def _deductions() -> None:
    op.create_table(
        "table_row",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("table_name", sa.String(80), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("entered_by_user_id", BIG, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("verified_by_user_id", BIG, nullable=True),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by_user_id", BIG, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["entered_by_user_id"], ["user.id"], name="fk_table_row_entered_by_user_id"),
        sa.ForeignKeyConstraint(["verified_by_user_id"], ["user.id"], name="fk_table_row_verified_by_user_id"),
        sa.ForeignKeyConstraint(["withdrawn_by_user_id"], ["user.id"], name="fk_table_row_withdrawn_by_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_table_row"),
        sa.UniqueConstraint("public_id", name="uq_table_row_public_id"),
    )
    op.create_index("ix_table_row_table_name", "table_row", ["table_name"])
    op.create_table(
        "certificate",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("influencer_id", BIG, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("rate_bps", sa.Integer(), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("entered_by_user_id", BIG, nullable=True),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["entered_by_user_id"], ["user.id"], name="fk_certificate_entered_by_user_id"),
        sa.ForeignKeyConstraint(["influencer_id"], ["influencer.id"], name="fk_certificate_influencer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_certificate"),
        sa.UniqueConstraint("public_id", name="uq_certificate_public_id"),
    )
    op.create_index("ix_certificate_influencer_id", "certificate", ["influencer_id"])


def _exchanged() -> None:
    op.create_table(
        "received_document",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("statement_id", BIG, nullable=False),
        sa.Column("influencer_id", BIG, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("allocation_number", sa.String(20), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("net_minor", BIG, nullable=False),
        sa.Column("vat_minor", BIG, nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("received_by_user_id", BIG, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by_user_id", BIG, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["decided_by_user_id"], ["user.id"], name="fk_received_document_decided_by_user_id"),
        sa.ForeignKeyConstraint(["influencer_id"], ["influencer.id"], name="fk_received_document_influencer_id"),
        sa.ForeignKeyConstraint(["received_by_user_id"], ["user.id"], name="fk_received_document_received_by_user_id"),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name="fk_received_document_statement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_received_document"),
        sa.UniqueConstraint("public_id", name="uq_received_document_public_id"),
    )
    op.create_index("ix_received_document_statement_id", "received_document", ["statement_id"])
    op.create_index("ix_received_document_status", "received_document", ["status"])
    op.create_index(
        "uq_received_document_number",
        "received_document",
        ["influencer_id", "kind", "number"],
        unique=True,
        sqlite_where=sa.text("status <> 'refused'"),
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_index(
        "uq_received_document_statement",
        "received_document",
        ["statement_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'refused'"),
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_table(
        "self_billing_agreement",
        sa.Column("id", BIG, nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("influencer_id", BIG, nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("vat_number", sa.String(40), nullable=False),
        sa.Column("agreed_by_user_id", BIG, nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["agreed_by_user_id"], ["user.id"], name="fk_self_billing_agreement_agreed_by_user_id"),
        sa.ForeignKeyConstraint(["influencer_id"], ["influencer.id"], name="fk_self_billing_agreement_influencer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_self_billing_agreement"),
        sa.UniqueConstraint("public_id", name="uq_self_billing_agreement_public_id"),
    )
    op.create_index(
        "uq_self_billing_agreement_standing",
        "self_billing_agreement",
        ["influencer_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "document_answer",
        sa.Column("id", BIG, nullable=False),
        sa.Column("document_id", BIG, nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_document_answer_document_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_document_answer_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document_answer"),
        sa.UniqueConstraint("document_id", "user_id", "answer", name="uq_document_answer_document_id_user_id_answer"),
    )
    op.create_index("ix_document_answer_document_id", "document_answer", ["document_id"])
    op.create_table(
        "document_mail",
        sa.Column("id", BIG, nullable=False),
        sa.Column("document_id", BIG, nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("mail_id", BIG, nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_document_mail_document_id"),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name="fk_document_mail_mail_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document_mail"),
        sa.UniqueConstraint("document_id", "recipient", name="uq_document_mail_document_id_recipient"),
    )
    op.create_table(
        "paper_task",
        sa.Column("document_id", BIG, nullable=False),
        sa.Column("free_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_paper_task_document_id"),
        sa.PrimaryKeyConstraint("document_id", name="pk_paper_task"),
    )

    op.create_table(
        "payroll_order_statement",
        sa.Column("statement_id", BIG, nullable=False),
        sa.Column("document_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_payroll_order_statement_document_id"),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name="fk_payroll_order_statement_statement_id"),
        sa.PrimaryKeyConstraint("statement_id", name="pk_payroll_order_statement"),
    )
    op.create_index("ix_payroll_order_statement_document_id", "payroll_order_statement", ["document_id"])


def _holds_of_contacts() -> None:
    op.drop_index("uq_hold_open", table_name="hold")
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("hold", "order_id", existing_type=BIG, nullable=True)
        op.add_column("hold", sa.Column("contact_id", BIG, nullable=True))
        op.create_foreign_key("fk_hold_contact_id", "hold", "contact", ["contact_id"], ["id"])
    else:
        _written_anew(of_contacts=True)
    _open_once("uq_hold_open", "order_id")
    _open_once("uq_hold_open_contact", "contact_id")


def _holds_of_orders_only() -> None:
    op.execute("DELETE FROM hold WHERE order_id IS NULL")
    op.drop_index("uq_hold_open_contact", table_name="hold")
    op.drop_index("uq_hold_open", table_name="hold")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_column("hold", "contact_id")
        op.alter_column("hold", "order_id", existing_type=BIG, nullable=False)
    else:
        _written_anew(of_contacts=False)
    _open_once("uq_hold_open", "order_id")


def _written_anew(of_contacts: bool) -> None:
    """SQLite can't change what a column may hold: the table is made again and filled from the one before."""
    contact: list[sa.schema.SchemaItem] = [
        sa.Column("contact_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name="fk_hold_contact_id"),
    ]
    op.rename_table("hold", "hold_before")
    op.create_table(
        "hold",
        sa.Column("id", BIG, nullable=False),
        sa.Column("order_id", BIG, nullable=of_contacts),
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
        *(contact if of_contacts else []),
    )
    kept = "id, order_id, reason, held_by_user_id, held_at, released_by_user_id, released_at, release_reason"
    op.execute(f"INSERT INTO hold ({kept}) SELECT {kept} FROM hold_before")
    op.drop_table("hold_before")


def _open_once(index: str, column: str) -> None:
    standing = sa.text("released_at IS NULL")
    op.create_index(index, "hold", [column], unique=True, sqlite_where=standing, postgresql_where=standing)


def _columns() -> None:
    op.create_index("ix_document_file_document_id_made_at", "document_file", ["document_id", "made_at"])
    op.add_column("document", sa.Column("corrects_id", BIG, nullable=True))
    op.create_index("ix_document_corrects_id", "document", ["corrects_id"])
    op.add_column("influencer", sa.Column("country", sa.String(2), server_default="IL", nullable=False))
    op.add_column("influencer", sa.Column("bilingual", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("influencer", sa.Column("dealer_status", sa.String(20), server_default="", nullable=False))
    op.add_column("influencer", sa.Column("deduction_scheme", sa.String(40), server_default="", nullable=False))
    op.add_column("payslip", sa.Column("scheme", sa.String(40), server_default="IL.employee", nullable=False))
    op.add_column("payslip", sa.Column("amounts", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("payslip", sa.Column("corrects_id", BIG, nullable=True))
    op.create_index("ix_payslip_corrects_id", "payslip", ["corrects_id"])
    op.add_column("shop", sa.Column("has_registrations", sa.Boolean(), server_default=sa.false(), nullable=False))


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
    op.drop_column("shop", "has_registrations")
    op.drop_index("ix_payslip_corrects_id", table_name="payslip")
    for column in ("corrects_id", "amounts", "scheme"):
        op.drop_column("payslip", column)
    for column in ("deduction_scheme", "dealer_status", "bilingual", "country"):
        op.drop_column("influencer", column)
    op.drop_index("ix_document_file_document_id_made_at", table_name="document_file")
    op.drop_index("ix_document_corrects_id", table_name="document")
    op.drop_column("document", "corrects_id")
    _holds_of_orders_only()
    op.drop_index("ix_payroll_order_statement_document_id", table_name="payroll_order_statement")
    op.drop_table("payroll_order_statement")
    op.drop_table("paper_task")
    op.drop_table("document_mail")
    op.drop_index("ix_document_answer_document_id", table_name="document_answer")
    op.drop_table("document_answer")
    op.drop_index("uq_self_billing_agreement_standing", table_name="self_billing_agreement")
    op.drop_table("self_billing_agreement")
    op.drop_index("uq_received_document_statement", table_name="received_document")
    op.drop_index("uq_received_document_number", table_name="received_document")
    op.drop_index("ix_received_document_status", table_name="received_document")
    op.drop_index("ix_received_document_statement_id", table_name="received_document")
    op.drop_table("received_document")
    op.drop_index("ix_certificate_influencer_id", table_name="certificate")
    op.drop_table("certificate")
    op.drop_index("ix_table_row_table_name", table_name="table_row")
    op.drop_table("table_row")
    op.drop_index("uq_registration_phone", table_name="registration")
    op.drop_index("uq_registration_customer", table_name="registration")
    op.drop_index("ix_registration_shop_id_phone_key", table_name="registration")
    op.drop_index("ix_registration_shop_id_customer_key", table_name="registration")
    op.drop_index("ix_registration_participation_id", table_name="registration")
    op.drop_table("registration")
