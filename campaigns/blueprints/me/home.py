"""The first page: what waits for an answer, what was earned, what runs and what it has brought, what is over."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from campaigns.blueprints import access
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.me.earned import earned
from campaigns.blueprints.me.invitation import is_open
from campaigns.blueprints.me.rooms import door
from campaigns.blueprints.me.waiting import waiting
from campaigns.blueprints.signed_in import person
from campaigns.models import Campaign, Influencer, Participation
from campaigns.planning.participation import TAKING_PART
from campaigns.settlement.figures import Figures, figures_of_all

OVER = ("closed", "archived", "cancelled")
JOINED = (*TAKING_PART, "completed", "withdrawn", "removed")  # said yes once


def home() -> ResponseReturnValue:
    """Every campaign of the influencer, in three lists, under what they brought."""
    mine = session().scalars(
        access.participations_for(person())
        .options(joinedload(Participation.campaign).joinedload(Campaign.brand))
        .order_by(Participation.id.desc())
    )
    lists: dict[str, list[Participation]] = {"invitations": [], "running": [], "past": []}
    for participation in mine:
        lists[_list_of(participation)].append(participation)
    accepted = [*lists["running"], *lists["past"]]
    found = figures_of_all(session(), [one.campaign_id for one in accepted])
    own = {one.id for one in accepted}
    figures = {participation: row for (_, participation), row in found.items() if participation in own}
    user = person()
    me = access.influencer_for(session(), user, user.influencer.public_id if user.influencer else "")
    return render_template(
        "me/home.html",
        **lists,
        figures=figures,
        zero=Figures(),
        earned=earned(session(), accepted, lists["running"], figures, now()) if accepted else [],
        waiting=waiting(session(), me, accepted, now()),
        steps={} if any(one.status in JOINED for one in accepted) else first_steps(me),
        profile_url=door("me.profile"),
        public_url=settings().public_url,
    )


def first_steps(me: Influencer) -> dict[str, bool]:
    """What somebody new can do, and whether it is done."""
    return {
        "payee": bool(me.id_number and me.bank_account),
        "profile": bool(me.accounts and me.niches and me.audience),
    }


def _list_of(participation: Participation) -> str:
    if is_open(participation, now()):
        return "invitations"
    running = participation.campaign.status not in OVER
    return "running" if participation.status in TAKING_PART and running else "past"
