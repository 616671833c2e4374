"""The names of reasons, and scores as people read them."""

from campaigns.i18n import N_, gettext
from campaigns.money import format_bps

REASONS = {
    "field": N_("Field"),
    "product": N_("Product"),
    "values": N_("Values of the brand"),
    "countries": N_("Countries"),
    "ages": N_("Ages"),
    "women": N_("Share of women"),
    "interests": N_("Interests"),
    "style": N_("Style"),
    "language": N_("Language"),
    "away": N_("Days away"),
    "busy": N_("Other campaigns"),
    "history": N_("Sales so far"),
    "given": N_("Invitations"),
    "accepted": N_("Campaigns"),
    "waiting": N_("Waiting"),
    "newcomer": N_("Newcomer"),
}


def reason_name(name: str) -> str:
    """What a reason is about."""
    return gettext(REASONS.get(name, name))


def points(bps: int) -> str:
    """Ten thousand basis points are a hundred points.

    >>> points(10_000), points(1_250), points(333)
    ('100', '12.5', '3.33')
    """
    return format_bps(bps).removesuffix("%")
