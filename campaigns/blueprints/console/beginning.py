"""From an empty database to the first plan: which of the first steps are done, and the door to the next one."""

from typing import NamedTuple

from flask import url_for
from sqlalchemy import select

from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import session
from campaigns.i18n import N_, gettext
from campaigns.models import Brand, Campaign, Influencer, Order, Shop


class NextDoor(NamedTuple):
    """What comes next, in a sentence, and the door that leads there."""

    sentence: str
    label: str
    url: str


# step -> what is said while it is open, and the words on its button
WORDS = {
    "brand": (N_("Begin with a brand: the company whose shop sells."), N_("Add a brand")),
    "shop": (N_("Add its shop: orders come from there."), N_("Add a shop")),
    "connected": (N_("Connect the shop, and see a test order of it here."), N_("Connect it")),
    "influencers": (N_("Bring in the people campaigns are made with."), N_("Bring in a file")),
    "campaign": (N_("Plan the campaign: its dates, its shares, its brief."), N_("Plan the campaign")),
}


def first_steps() -> dict[str, bool]:
    """Which of the first steps are done already, in their order."""
    return {
        "brand": session().scalar(select(Brand.id).limit(1)) is not None,
        "shop": session().scalar(select(Shop.id).limit(1)) is not None,
        "connected": session().scalar(select(Order.id).limit(1)) is not None,
        "influencers": session().scalar(select(Influencer.id).limit(1)) is not None,
        "campaign": session().scalar(select(Campaign.id).limit(1)) is not None,
    }


@blueprint.app_template_global("first_door")
def first_door() -> NextDoor | None:
    """The first step that is open; None once a campaign is planned."""
    steps = first_steps()
    if steps["campaign"]:
        return None
    step = next(name for name, done in steps.items() if not done)
    sentence, label = WORDS[step]
    return NextDoor(gettext(sentence), gettext(label), _address(step))


def _address(step: str) -> str:
    if step == "shop":
        brand = session().scalars(select(Brand.public_id).order_by(Brand.id.desc()).limit(1)).one()
        return url_for("console.new_shop", brand=brand)
    if step in ("connected", "campaign"):
        shop = session().scalars(select(Shop.public_id).order_by(Shop.id.desc()).limit(1)).one()
        if step == "connected":
            return url_for("setup.shop", shop_id=shop)
        return url_for("console.new_campaign", shop=shop)
    return url_for({"brand": "console.new_brand", "influencers": "console.imports"}[step])
