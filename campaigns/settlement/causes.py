"""What a commission comes from: an order, or a contact. Both are held, disputed, stated and followed alike."""

from sqlalchemy.orm import InstrumentedAttribute

from campaigns.models import Contact, LedgerTransaction, Order

Cause = Order | Contact


def named_in_books(kind: type[Order] | type[Contact]) -> InstrumentedAttribute[int | None]:
    """The column by which a transaction names one of the kind."""
    return LedgerTransaction.contact_id if kind is Contact else LedgerTransaction.order_id
