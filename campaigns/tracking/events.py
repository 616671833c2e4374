"""What a shop told us, in one vocabulary for all platforms.

A platform adapter is a pure function from a delivery (topic, body, headers) to a `ShopEvent`: a whole-order
snapshot, refunds, a deletion, a contact, or nothing. Amounts are minor units of the order's currency. What an adapter
can't read it refuses with `Unreadable`; it never fills a gap with a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Line:
    """One order line. `net_minor` is after discounts and without tax; `tax_minor` the tax in or on it."""

    line_id: str
    sku: str
    title: str
    category: str
    quantity: str  # as sent: WooCommerce sells 1.5 of a thing
    net_minor: int
    tax_minor: int
    discount_minor: int  # as the platform states it, in its own tax convention; for display only
    gift_card: bool = False  # a gift card bought: money parked, not a sale


@dataclass(frozen=True)
class RefundLine:
    """What of one order line was given back; whether `amount_minor` has `tax_minor` inside, the Refund says."""

    line_id: str
    quantity: str
    amount_minor: int
    tax_minor: int


@dataclass(frozen=True)
class Refund:
    """One refund, known by its own id. The claw-back follows items given back, never the money moved.

    `lines_include_tax` says whether `amount_minor` of the lines has the tax inside; None means "as the order does".
    `unsplit_minor` is a sum the platform did not split into items, tax and shipping (WooCommerce's order body).
    """

    refund_id: str
    created_at: datetime | None
    currency: str | None
    lines: tuple[RefundLine, ...] = ()
    lines_include_tax: bool | None = None
    shipping_minor: int = 0
    unsplit_minor: int = 0
    money_minor: int = 0  # what left the till, for display


@dataclass(frozen=True)
class Customer:
    """The buyer as the shop names them. Raw here and nowhere else: storage keeps keyed hashes only."""

    external_id: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class OrderSnapshot:
    """The state of one order at `version`. `status` is pending, paid, refunded or cancelled (theirs: `raw_status`).

    `codes` are the codes a buyer entered, as sent, shipping-only ones included, blanks dropped; `typed_codes` those
    that staff or an API put there (Shopify's `manual` applications). `click_ids` come from cart attributes, meta
    fields and the landing URL's query.
    """

    external_id: str
    number: str
    version: datetime
    placed_at: datetime
    status: str
    raw_status: str
    currency: str
    prices_include_tax: bool
    lines: tuple[Line, ...]
    shipping_minor: int
    tax_minor: int
    fees_minor: int
    total_minor: int
    codes: tuple[str, ...] = ()
    typed_codes: tuple[str, ...] = ()
    click_ids: tuple[str, ...] = ()
    landing_url: str | None = None
    affiliates: tuple[str, ...] = ()  # what the platform's own affiliate fields say, as sent (Shopware, Ecwid)
    # None where the buyer isn't told of: it stays who it was (a shop's export that names orders only).
    customer: Customer | None = field(default_factory=Customer)
    source: str = ""  # web, pos, draft, subscription … as the platform says
    test: bool = False
    # True where this platform's snapshot always lists every refund, so that one missing from it was taken back.
    refunds_complete: bool = False
    refunds: tuple[Refund, ...] = ()


@dataclass(frozen=True)
class ContactSnapshot:
    """The state of one call or lead at `version`, whole: created, qualified, closed or rejected.

    `seconds` is how long a call took, None for what is no call. `proof` is what the shop has of it: the id of a
    recording, the number that was dialled.
    """

    external_id: str
    version: datetime
    happened_at: datetime
    status: str
    kind: str = ""
    seconds: int | None = None
    codes: tuple[str, ...] = ()
    click_ids: tuple[str, ...] = ()
    landing_url: str | None = None
    customer: Customer = field(default_factory=Customer)
    test: bool = False
    proof: Mapping[str, str | int | bool] = field(default_factory=dict)


@dataclass(frozen=True)
class ShopEvent:
    """One delivery, read. Exactly one holds: order, refunds for `order_id`, deletion, contact, `look_up`, or `ignored`.

    `look_up` is for platforms that send an id only: the order `order_id` is to be read back from the shop's API.
    """

    topic: str
    order_id: str | None = None
    order: OrderSnapshot | None = None
    contact: ContactSnapshot | None = None
    refunds: tuple[Refund, ...] = ()
    deleted: bool = False
    look_up: bool = False
    ignored: str | None = None  # why there is nothing to do: "ping", "unknown topic", "not an order yet"
    occurred_at: datetime | None = None


@dataclass(frozen=True)
class Envelope:
    """What a platform's headers say about a delivery, read before the body is."""

    topic: str
    delivery_id: str
    version: str = ""  # the platform's API version, kept and shown
    occurred_at: datetime | None = None


# The topic of what we asked the shop for ourselves: a whole order as its API tells it.
READ_BACK = "read-back"
# The origin of a message in the Standard format that was posted to our own API, whatever the shop's platform is.
FROM_API = "api"
# The origin of what staff accepted of the shop's own export (tracking/reconciled.py).
RECONCILED = "reconciliation"
