"""The domain's sentences in the visitor's language.

Findings and refusals are raised in English, for the API and the papers. Those that hold a number or a name are told
by their shape here; the constant ones are messages as they stand.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from campaigns.blueprints.labels import STATUSES
from campaigns.blueprints.show import day
from campaigns.documents.labels import LABELS
from campaigns.i18n import N_, gettext, iso
from campaigns.tracking.platforms.registry import PLATFORMS

STATUS = r"(?P<status>\w+)"
SHAPES = tuple(
    (re.compile(shape), message)
    for shape, message in (
        (
            r"(?P<count>\d+) accepted; a campaign has (?P<least>\d+) to (?P<most>\d+)",
            N_("%(count)s accepted; a campaign has %(least)s to %(most)s influencers."),
        ),
        (
            r"(?P<count>\d+) deliveries of the shop could not be read",
            N_("Deliveries of the shop that could not be read: %(count)s."),
        ),
        (
            r"(?P<name>.+) is paid by payslip and has no identity number",
            N_("%(name)s is paid by payslip and has no identity number."),
        ),
        (
            rf"the campaign is {STATUS}: it can't be launched",
            N_("It can't be launched: the campaign's status is “%(status)s”."),
        ),
        (
            rf"the campaign is {STATUS}: it can't be called off",
            N_("It can't be called off: the campaign's status is “%(status)s”."),
        ),
        (
            rf"the campaign is {STATUS}: nobody can be invited",
            N_("Nobody can be invited: the campaign's status is “%(status)s”."),
        ),
        (
            rf"the campaign is {STATUS}: it can't be closed",
            N_("It can't be closed: the campaign's status is “%(status)s”."),
        ),
        (
            rf"the campaign is {STATUS}: its (?:terms stand|plan stands)",
            N_("It can't be changed now: the campaign's status is “%(status)s”."),
        ),
        (
            rf"this (?:participation|invitation) is {STATUS}",
            N_("That can't be done: this participation's status is “%(status)s”."),
        ),
        (rf"already {STATUS} in this campaign", N_("Already in this campaign, with the status “%(status)s”.")),
        (
            r"the order is in (?P<one>\w+), the campaign in (?P<other>\w+)",
            N_("The order is in %(one)s and the campaign in %(other)s."),
        ),
        (r"must lead to the shop's own site, (?P<domain>\S+)", N_("It must lead to the shop's own site, %(domain)s.")),
        (r"must be a whole number from 0 to (?P<most>\d+)", N_("Enter a whole number from 0 to %(most)s.")),
        (
            r"table (?P<table>\S+) has no row for (?P<on>\S+)",
            N_("The table %(table)s has no row for %(on)s: nothing is guessed."),
        ),
        (r"nothing is due in (?P<currency>\w+)", N_("Nothing is due in %(currency)s.")),
    )
)
CONSTANT = (
    N_("nobody has accepted yet"), N_("is missing"), N_("must be after the start"),
    N_("must be an IANA time zone such as Asia/Jerusalem"), N_("must be from 0 to 100"), N_("must be from 0 to 60"),
    N_("must be a full address that starts with https://"), N_("must not hold a user name or password"),
    N_("must be a host name such as shop.example.com"), N_("these are the terms in force"),
    N_("a test order earns nothing for anyone"), N_("this influencer has not accepted the terms"),
    N_("the campaign has not ended yet"), N_("the return window is still open"),
    N_("the books don't agree with the orders: nothing is issued"), N_("no free coupon code was found"),
    N_("together with the influencer's rate it passes 100 %"), N_("is not a shop of this brand"),
    N_("Campaigns usually run two weeks to a month."), N_("The agency's share is larger than the influencer's."),
)  # fmt: skip
EXPLANATIONS = {
    "none": N_("It came with no code and no link of ours; a code that is not registered here may be mistyped."),
    "refused_test": N_("The shop says that it is a test. A test earns nothing for anyone."),
    "refused_outside_dates": N_("Its code or link is one of ours, but was not in force when the order was placed."),
    "refused_currency": N_("It was paid in another currency than the campaign's."),
    "refused_self_purchase": N_("The buyer is the influencer whose code or link it came with."),
    "refused_unpaid": N_("It is not paid yet. Once the shop says that it is, it is credited by itself."),
}
VERDICTS = {
    "valid": N_("in force"),
    "ended": N_("was ended before"),
    "outside_dates": N_("outside its dates"),
    "after_order": N_("clicked after the order"),
    "window_over": N_("clicked too long before"),
}
ACCOUNTS = {
    "brand_receivable": N_("Owed by the brand"),
    "influencer_pending": N_("Earned, not on a statement yet"),
    "influencer_due": N_("On a statement, not paid yet"),
    "agency_income": N_("The agency's fee"),
    "withheld_tax": N_("Withheld tax"),
    "employer_charges": N_("Employer's charges"),
    "bank_clearing": N_("Bank"),
}

PAPERS = {
    "final_report": N_("Final report"),
    "commission_statement": N_("Commission statement"),
    "payslip": N_("Payslip"),
    "payout_batch": N_("Payout batch"),
}


def said(sentence: str) -> str:
    """A sentence of the domain in the visitor's language; what is not known shows as it is."""
    for shape, message in SHAPES:
        found = shape.fullmatch(sentence)
        if found:
            values = found.groupdict()
            if "status" in values:
                values["status"] = gettext(STATUSES.get(values["status"], ("", values["status"]))[1])
            return gettext(message, **{name: iso(value) for name, value in values.items()})
    return gettext(sentence)


def reason(code: str) -> str:
    """Why an order is somebody's, or nobody's, in a few words."""
    return gettext(LABELS.get(code, code))


def explained(code: str) -> str:
    """Why an order is nobody's, in a sentence."""
    return gettext(EXPLANATIONS.get(code, ""))


def verdict(code: str) -> str:
    """What was found about a code or a click."""
    return gettext(VERDICTS.get(code, code))


def account_name(kind: str) -> str:
    """A ledger account in words."""
    return gettext(ACCOUNTS.get(kind, kind))


def paper_name(kind: str) -> str:
    """A kind of paper in words."""
    return gettext(PAPERS.get(kind, kind))


def local_day(moment: datetime, timezone: str) -> Markup:
    """The day a moment falls on in `timezone`."""
    return day(moment.astimezone(ZoneInfo(timezone)).date())


def platform_name(code: str) -> str:
    """A shop platform by its own name."""
    return PLATFORMS[code].label if code in PLATFORMS else code
