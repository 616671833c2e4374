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
    "registered": N_("Registered customer"),
    "registered_late": N_("Customer registered late"),
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
    # Accounts of the books.
    "brand_receivable": N_("Owed by the brand"),
    "brand_credit": N_("Credit of the brand, to be offset"),
    "influencer_pending": N_("Earned, not on a statement yet"),
    "influencer_due": N_("On a statement, not paid yet"),
    "influencer_credit": N_("Credit of the influencer, to be offset"),
    "agency_income": N_("The agency's fee"),
    "compensation_expense": N_("Given by the agency"),
    "withheld_tax": N_("Withheld tax"),
    "vat_payable": N_("VAT to be paid"),
    "input_vat": N_("VAT that others charged"),
    "employer_charges": N_("Employer's charges"),
    "bank_clearing": N_("Bank"),
    # Papers that another paper names.
    "commission_statement": N_("Commission statement"),
    "brand_bill": N_("Bill"),
}

# What moved an account.
ENTRIES = {
    "accrual": N_("Earned"),
    "collection": N_("Taken from the buyer by the partner"),
    "statement": N_("Put on a statement"),
    "payslip": N_("Withheld by a payslip"),
    "payslip_correction": N_("Corrected by a payslip"),
    "payee_paper": N_("The payee's paper: VAT and withheld tax"),
    "self_billing": N_("Invoice in the payee's name: VAT and withheld tax"),
    "self_billing_credit": N_("Invoice in the payee's name taken back"),
    "payout": N_("Paid out"),
    "payout_returned": N_("Sent back by the bank"),
    "compensation": N_("Compensation after a dispute"),
    "credit": N_("Credit given"),
    "offset": N_("Credit offset"),
    "bill": N_("Billed"),
    "brand_payment": N_("Paid by the brand"),
}
# What a payee writes.
RECEIVED = {
    "tax_invoice": N_("Tax invoice"),
    "receipt": N_("Receipt"),
    "deal_invoice": N_("Deal invoice"),
    "npd_receipt": N_("Receipt of the tax on professional income"),
    "invoice": N_("Invoice"),
}
# What an answer is about.
SUBJECTS = {
    "campaign": N_("Campaign"),
    "brand": N_("Brand"),
    "influencer": N_("Influencer"),
    "order": N_("Order"),
}

# What each kind of paper is called: on pages, in letters, in lists.
PAPERS = {
    "final_report": N_("Final report"),
    "commission_statement": N_("Commission statement"),
    "brand_bill": N_("Bill"),
    "payee_request": N_("Request for your invoice"),
    "payslip": N_("Payslip"),
    "payslip_correction": N_("Payslip correction"),
    "payroll_order": N_("Order to the payroll provider"),
    "self_billing_invoice": N_("Self-billing invoice"),
    "self_billing_credit_note": N_("Self-billing credit note"),
    "withholding_confirmation": N_("Confirmation of tax withheld"),
    "annual_summary": N_("Annual summary"),
    "payout_batch": N_("Payout batch"),
    "remittance_advice": N_("Payment advice"),
    "offset_note": N_("Offset note"),
    "itemised_answer": N_("Itemised answer"),
    "partner_certificate": N_("Partner certificate"),
}


def label(code: str) -> str:
    """The words for `code` in the current language."""
    return gettext(LABELS.get(code, code))


def received_label(kind: str) -> str:
    """A kind of paper that payees write, in words."""
    return gettext(RECEIVED.get(kind, kind))


def entry_label(kind: str) -> str:
    """What kind of transaction moved an account, in words."""
    return gettext(ENTRIES.get(kind, kind))


def subject_label(kind: str) -> str:
    """What an answer is about, in words."""
    return gettext(SUBJECTS[kind])


def paper_name(kind: str) -> str:
    """A kind of paper in words."""
    return gettext(PAPERS.get(kind, kind))
