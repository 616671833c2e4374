"""Who takes part, as rows: how to reach them, where they publish, how they answered. For staff only.

The columns of the person and their account are those in which a roster is read in (sheets/roster.py).
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from campaigns.i18n import N_
from campaigns.models import Campaign, Participation
from campaigns.settlement.exporting.asked import SLICE, Asked
from campaigns.sheets.columns import Column, Row
from campaigns.sheets.roster import PERSON

STATES = {
    "invited": N_("Invited"), "viewed": N_("Invitation seen"), "accepted": N_("Accepted"), "declined": N_("Declined"),
    "expired": N_("Expired"), "active": N_("Active"), "completed": N_("Completed"), "withdrawn": N_("Withdrew"),
    "removed": N_("Removed"),
}  # fmt: skip
COLUMNS = (
    *PERSON,
    Column("brand", N_("Brand")),
    Column("campaign", N_("Campaign")),
    Column("state", N_("Status"), words=STATES),
    Column("coupon", N_("Coupon")),
    Column("link", N_("Link")),
    Column("rate_bps", N_("Influencer's rate, %"), "rate"),
    Column("invited_at", N_("Invited"), "moment"),
    Column("decided_at", N_("Answered"), "moment"),
)


def columns(_asked: Asked) -> tuple[Column, ...]:
    """The same for whoever may see the roster."""
    return COLUMNS


def rows(session: Session, asked: Asked) -> Iterator[Row]:
    """Participations in the sequence of the invitations, a slice at a time; the link as its last part."""
    query, after = _participations(asked), 0
    while found := session.scalars(query.where(Participation.id > after)).unique().all():
        yield from map(_row, found)
        after = found[-1].id


def _participations(asked: Asked) -> Select[Any]:
    return (
        select(Participation)
        .join(Campaign, Campaign.id == Participation.campaign_id)
        .options(
            joinedload(Participation.influencer),
            joinedload(Participation.campaign).joinedload(Campaign.brand),
            selectinload(Participation.codes),
            selectinload(Participation.links),
            selectinload(Participation.acceptances),
        )
        .where(*asked.among(campaign_id=Participation.campaign_id, brand_id=Campaign.brand_id))
        .where(*asked.within(Participation.invited_at))
        .order_by(Participation.id)
        .limit(SLICE)
    )


def _row(one: Participation) -> Row:
    person = one.influencer
    account = person.accounts[0] if person.accounts else {}
    terms = one.acceptances[-1].terms if one.acceptances else {}
    return [
        person.name, person.email, person.phone, person.language, person.country, "; ".join(person.niches),
        account.get("network", ""), account.get("handle", ""), account.get("followers"),
        one.campaign.brand.name, one.campaign.name, one.status, one.code.code if one.code else "",
        one.link.slug if one.link else "", terms.get("influencer_rate_bps"), one.invited_at, one.decided_at,
    ]  # fmt: skip
