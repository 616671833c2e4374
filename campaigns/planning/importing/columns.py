"""The columns a file of people may have: those of our own export, and what matching asks. Two are needed."""

from campaigns.i18n import N_
from campaigns.sheets.columns import Column
from campaigns.sheets.roster import PERSON

MATCHING = (
    Column("styles", N_("Styles")),
    Column("content_languages", N_("Languages of their posts")),
    Column("audience_countries", N_("Audience: countries")),
    Column("audience_ages", N_("Audience: ages")),
    Column("audience_women_percent", N_("Audience: women, %")),
    Column("audience_interests", N_("Audience: interests")),
    Column("away_from", N_("Away from")),
    Column("away_to", N_("Away to")),
    Column("leaderboard", N_("On the leaderboard")),
)
COLUMNS = (*PERSON, *MATCHING)
HEADINGS = {column.key: column.heading for column in COLUMNS}
NEEDED = ("email",)
ACCOUNT = ("network", "handle", "followers")
AWAY = ("away_from", "away_to")
