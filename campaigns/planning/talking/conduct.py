"""How a brand has dealt with customers and influencers so far, in counts that a person looks at before deciding.

Incidents by status, customers whom influencers registered and were refused or late, and leads that were rejected: one
of each says little, many of one brand's say something.
"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Contact, Registration, Shop
from campaigns.planning.talking.incidents import counted


@dataclass(frozen=True)
class Conduct:
    """Counts over all campaigns and shops of one brand."""

    incidents: dict[str, int]
    registrations: dict[str, int]
    contacts: dict[str, int]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to count yet."""
        return not any(sum(counts.values()) for counts in (self.incidents, self.registrations, self.contacts))


def conduct(session: Session, brand_id: int) -> Conduct:
    """The counts of one brand."""
    campaigns = list(session.scalars(select(Campaign.id).filter_by(brand_id=brand_id)))
    shops = select(Shop.id).where(Shop.brand_id == brand_id).scalar_subquery()
    registrations = session.execute(
        select(Registration.status, func.count()).where(Registration.shop_id.in_(shops)).group_by(Registration.status)
    )
    contacts = session.execute(
        select(Contact.status, func.count())
        .where(Contact.shop_id.in_(shops), Contact.participation_id.is_not(None))
        .group_by(Contact.status)
    )
    return Conduct(
        counted(session, campaigns),
        {status: count for status, count in registrations},
        {status: count for status, count in contacts},
    )
