"""The wording of the agreement to self-billing, by version. A version is never changed: a new one takes its place.

What was agreed to is kept word for word with its hash, so this file only says what is offered from now on.
Council Directive 2006/112/EC art. 224; for the United Kingdom VAT Notice 700/62.
"""

from datetime import date

from campaigns.i18n import N_, gettext, iso, ltr, show_date, speaking

VERSION = "1"
DAYS_TO_ANSWER = 14
UNITED_KINGDOM = "GB"

PARAGRAPHS = (
    N_("Agreement to self-billing, version %(version)s, between %(agency)s (no. %(number)s) and %(payee)s (VAT no. %(vat_number)s)."),  # noqa: E501
    N_("The agency writes the invoices for my commissions in my name and on my behalf, and sends me each of them."),
    N_("I can reject an invoice within %(days)s days. An invoice I have not rejected by then is accepted."),
    N_("While this agreement stands I write no invoices of my own for these commissions."),
    N_("I tell the agency at once if I am no longer registered for VAT, if my VAT number changes, or if I sell my business."),  # noqa: E501
    N_("I stay liable for the VAT on what I supply, and declare it as my country's law asks."),
    N_("It holds from %(first)s to %(last)s, and ends earlier on the day I end it here."),
)  # fmt: skip
OF_THE_UNITED_KINGDOM = N_("The VAT shown on these invoices is my output tax due to HMRC.")


def worded(
    language: str,
    country: str,
    agency: dict[str, str],
    payee: str,
    vat_number: str,
    first: date,
    last: date,
) -> str:
    """The whole agreement in a language, a paragraph a line."""
    with speaking(language):
        facts = {
            "version": ltr(VERSION),
            "agency": iso(agency["legal_name"]),
            "number": ltr(agency["registration_number"] or "—"),
            "payee": iso(payee),
            "vat_number": ltr(vat_number or "—"),
            "days": DAYS_TO_ANSWER,
            "first": show_date(first),
            "last": show_date(last),
        }
        sentences = [*PARAGRAPHS, *([OF_THE_UNITED_KINGDOM] if country == UNITED_KINGDOM else [])]
        return "\n".join(gettext(one) % facts for one in sentences)
