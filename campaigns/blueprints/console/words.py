"""The domain's words and sentences in the visitor's language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from campaigns.blueprints.show import day
from campaigns.documents.labels import LABELS
from campaigns.i18n import N_, gettext
from campaigns.tracking.platforms.registry import PLATFORMS

EXPLANATIONS = {
    "none": N_("It came with no code and no link of ours; a code that is not registered here may be mistyped."),
    "refused_test": N_("The shop says that it is a test. A test earns nothing for anyone."),
    "refused_outside_dates": N_("Its code or link is one of ours, but was not in force when the order was placed."),
    "refused_currency": N_(
        "It was paid in another currency than the campaign's, and no rate is entered for its day: it is held back."
    ),
    "refused_self_purchase": N_("The buyer is the influencer whose code or link it came with."),
    "refused_unpaid": N_("It is not paid yet. Once the shop says that it is, it is credited by itself."),
}
VERDICTS = {
    "valid": N_("in force"),
    "ended": N_("was ended before"),
    "outside_dates": N_("outside its dates"),
    "after_order": N_("clicked after the order"),
    "window_over": N_("clicked too long before"),
    "lock_over": N_("too long before"),
    "registration_over": N_("its time was over"),
}
# What put one influencer before another; see tracking/attribution.py.
WON_BY = {
    "coupon": N_("the code wins"),
    "link": N_("the link wins"),
    "first code": N_("the first code counts"),
    "last click": N_("the last click counts"),
    "first landing name": N_("the first name in the landing address counts"),
    "first affiliate name": N_("the first name in the affiliate field counts"),
    "landing before affiliate": N_("the landing address comes before the affiliate field"),
    "landing before customer_lock": N_("the landing address comes before an earlier order"),
    "affiliate before customer_lock": N_("the affiliate field comes before an earlier order"),
    "landing before registered_late": N_("the landing address comes before a late registration"),
    "affiliate before registered_late": N_("the affiliate field comes before a late registration"),
    "customer_lock before registered_late": N_("an earlier order comes before a late registration"),
    "registered": N_("a registered customer is theirs alone"),
    "first registration": N_("the first registration counts"),
    "only valid": N_("only one was in force"),
}
ACCOUNTS = {
    "brand_receivable": N_("Owed by the brand"),
    "influencer_pending": N_("Earned, not on a statement yet"),
    "influencer_due": N_("On a statement, not paid yet"),
    "agency_income": N_("The agency's fee"),
    "withheld_tax": N_("Withheld tax"),
    "vat_payable": N_("VAT to be paid"),
    "employer_charges": N_("Employer's charges"),
    "bank_clearing": N_("Bank"),
}

ORIGINS = {
    "webhook": N_("sent by the shop"),
    "api": N_("posted to our API"),
    "read_back": N_("read back from the shop"),
    "pull": N_("pulled from the shop"),
    "reconciliation": N_("accepted from the shop's export"),
}


def reason(code: str) -> str:
    """Why an order is somebody's, or nobody's, in a few words."""
    return gettext(LABELS.get(code, code))


def explained(code: str) -> str:
    """Why an order is nobody's, in a sentence."""
    return gettext(EXPLANATIONS.get(code, ""))


def verdict(code: str) -> str:
    """What was found about a piece of evidence."""
    return gettext(VERDICTS.get(code, code))


def won_by(code: str) -> str:
    """Why one of several influencers was credited."""
    return gettext(WON_BY.get(code, code))


def account_name(kind: str) -> str:
    """A ledger account in words."""
    return gettext(ACCOUNTS.get(kind, kind))


def origin_name(code: str) -> str:
    """How a delivery came to us."""
    return gettext(ORIGINS.get(code, code))


def local_day(moment: datetime, timezone: str) -> Markup:
    """The day a moment falls on in `timezone`."""
    return day(moment.astimezone(ZoneInfo(timezone)).date())


def platform_name(code: str) -> str:
    """A shop platform by its own name."""
    return gettext(PLATFORMS[code].label) if code in PLATFORMS else code
