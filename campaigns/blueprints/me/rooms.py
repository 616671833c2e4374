"""What there is to do in a campaign beside looking at its figures: one list, for its page and for the first one.

A room that isn't mounted has no door here, as in the main menu.
"""

from typing import Any, NamedTuple

from flask import current_app, url_for

from campaigns.i18n import N_, gettext
from campaigns.models import Participation

OF_A_CAMPAIGN = (
    ("me.share", N_("Share kit")),
    ("me.links", N_("My links")),
    ("me.material", N_("Material")),
    ("me.training", N_("Training")),
    ("me.studio", N_("Photo studio")),
    ("me.leaderboard", N_("Leaderboard")),
    ("talks.index", N_("Questions")),
    ("me.documents", N_("Documents")),
)


class Room(NamedTuple):
    """A door and what is written on it."""

    url: str
    label: str


def rooms(mine: Participation) -> list[Room]:
    """The rooms of a campaign that are mounted."""
    return [Room(url, gettext(label)) for endpoint, label in OF_A_CAMPAIGN if (url := door(endpoint, mine))]


def door(endpoint: str, mine: Participation | None = None) -> str:
    """The address of a room, of this participation where it is one's own; "" where there is none."""
    if endpoint not in current_app.view_functions:
        return ""
    wanted = set().union(*(rule.arguments for rule in current_app.url_map.iter_rules(endpoint)))
    known = {"participation_id": mine.public_id, "campaign_id": mine.campaign.public_id} if mine else {}
    if not wanted <= known.keys():
        return ""
    named: dict[str, Any] = {name: known[name] for name in wanted}
    return url_for(endpoint, **named)
