"""What report, statement and advice say beside their sums, as they are issued since papers have these facts."""

from typing import Any

REPORT_FACTS: dict[str, Any] = {
    "version": 1,
    "cut_off": "2026-05-31T20:59:59Z",
    "products": [
        {"sku": "SERUM", "title": "Serum", "units": "5", "lines": 4, "net_minor": 90000},
        {"sku": "", "title": "", "units": "1.5", "lines": 1, "net_minor": 10000},
    ],
    "not_counted": {"discount_minor": 11100, "tax_minor": 18000, "shipping_minor": 2500, "gift_card_minor": 0},
    "pending": {"returnable": 2, "held": 1},
    "rejected": [{"reason": "none", "orders": 3, "net_minor": 45600}],
    "sources": {
        "platform": "shopify",
        "deliveries": 1204,
        "last_delivery_at": "2026-06-14T10:00:00Z",
        "reconciliation": {"source": "shopify csv", "made_at": "2026-06-15T08:00:00Z", "rows": 90, "matched": 87},
    },
}
STATEMENT_FACTS: dict[str, Any] = {
    "subtotals": [
        {"campaign": "Summer 2026", "lines": 1, "commission_minor": 1624},
        {"campaign": "Spring 2026", "lines": 1, "commission_minor": -2400},
    ],
    "year_to_date": {"year": 2026, "statements": 3, "stated_minor": 912345, "paid_minor": 800000},
    "payment": {"account_ending": "456", "planned_on": None},
}
ADVICE_FACTS: dict[str, Any] = {
    "stated_minor": 15000,
    "vat_minor": 2700,
    "withheld_minor": 641,
    "carried_minor": -2700,
}
