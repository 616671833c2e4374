"""Words for what talks and incidents are, and who speaks in them, to the person who reads."""

from markupsafe import Markup

from campaigns.blueprints.context import settings
from campaigns.i18n import N_, bdi, gettext
from campaigns.models import Talk
from campaigns.planning.talking.readers import Told

INCIDENT_KIND = {
    "review": N_("A bad review"),
    "customer": N_("An unhappy customer"),
    "product": N_("A fault of the product"),
}
GIVEN_BY = {"shop": N_("The shop"), "agency": N_("Agency"), "influencer": N_("Influencer")}


def parties(talk: Talk) -> list[str]:
    """Who is in a talk beside the agency, for staff."""
    people = [gettext("All influencers")] if talk.everybody else [talk.influencer.name] if talk.influencer else []
    return people + ([talk.brand.name] if talk.brand else [])


def speaker(talk: Talk, told: Told, role: str) -> Markup:
    """Whose words these are, as a reader of `role` sees them."""
    said = told.message
    if said.role == "agency":
        return bdi(said.user.email) if role == "agency" else bdi(settings().agency_name)
    if said.role == role:
        return Markup("<span>{}</span>").format(gettext("Your side"))
    if said.role == "brand":
        return bdi(talk.brand.name if talk.brand else gettext("Brand"))
    return bdi(talk.influencer.name if talk.influencer else gettext("Influencer"))
