"""PostgreSQL adds up a campaign's sales and postings from two indexes, not from every order and transaction there is."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

READ = ["placed_at", "status", "currency", "test", "deleted", "net_minor", "refunded_minor"]


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_order_sale", "order", ["id"], postgresql_include=READ)
        op.create_index("ix_ledger_transaction_kind", "ledger_transaction", ["id"], postgresql_include=["kind"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_ledger_transaction_kind", "ledger_transaction")
        op.drop_index("ix_order_sale", "order")
