"""The columns of a person and their account: a roster is written in them and read in them again."""

from campaigns.i18n import N_
from campaigns.sheets.columns import Column

PERSON = (
    Column("name", N_("Name")),
    Column("email", N_("Email")),
    Column("phone", N_("Phone")),
    Column("language", N_("Language")),
    Column("country", N_("Country")),
    Column("niches", N_("Niches")),  # several, with a semicolon between
    Column("network", N_("Network")),
    Column("handle", N_("Handle")),
    Column("followers", N_("Followers"), "count"),
)
