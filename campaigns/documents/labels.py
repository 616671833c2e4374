"""The words for codes that frozen contents carry: reasons, bases, routes. An unknown code is shown as it is."""

from campaigns.i18n import N_, gettext

LABELS = {
    # Whose sale it was, and why an order was nobody's.
    "coupon": N_("Coupon"),
    "link": N_("Link"),
    "both": N_("Coupon and link"),
    "landing": N_("Named in the landing address"),
    "affiliate": N_("Named in the shop's affiliate field"),
    "customer_lock": N_("Returning customer"),
    "manual": N_("Assigned by hand"),
    "none": N_("No coupon and no link"),
    "refused_test": N_("Test order"),
    "refused_outside_dates": N_("Outside the campaign's dates"),
    "refused_currency": N_("Another currency"),
    "refused_self_purchase": N_("Influencer's own purchase"),
    "refused_unpaid": N_("Not paid"),
    "refused_repeated": N_("The same person again"),
    "refused_by_hand": N_("Rejected by hand"),
    # What a rate is of.
    "net": N_("Net: after discounts, without tax and shipping"),
    "gross": N_("Gross: after discounts, with tax, without shipping"),
    # How an influencer is paid.
    "invoice": N_("Tax invoice"),
    "receipt": N_("Receipt"),
    "payslip": N_("Payslip"),
    # What a line of a statement is.
    "order": N_("Sale"),
    "adjustment": N_("Late refund"),
    "collection": N_("Taken from the buyer by you"),
    "contact": N_("Lead or call"),
    "compensation": N_("Compensation after a dispute"),
    "bill_adjustment": N_("Change to an earlier bill"),
    "other": N_("Other earning"),
    # Papers that another paper names.
    "commission_statement": N_("Commission statement"),
    "brand_bill": N_("Bill"),
}


def label(code: str) -> str:
    """The words for `code` in the current language."""
    return gettext(LABELS.get(code, code))
