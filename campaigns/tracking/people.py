"""The participants that some orders point to, with all that is judged about them; loaded in one question."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, select

from campaigns.clock import months_later
from campaigns.commissions.accrual import Credit
from campaigns.commissions.run import needs_run
from campaigns.models import Acceptance, Campaign, Influencer, Participation
from campaigns.questions import Question, among
from campaigns.tracking.identity import email_key, phone_key
from campaigns.tracking.matches import Candidate

FOR_LIFE = 12 * 200  # months

_PEOPLE = Question(
    select(
        Participation.id,
        Participation.public_id,
        Participation.ended_at,
        Participation.influencer_id,
        Campaign.id.label("campaign_id"),
        Campaign.brand_id,
        Campaign.shop_id,
        Campaign.currency,
        Campaign.timezone,
        Campaign.starts_at,
        Campaign.ends_at,
        Campaign.grace_days,
        Influencer.email,
        Influencer.phone,
        Acceptance.id.label("acceptance_id"),
        Acceptance.terms_version,
        Acceptance.terms,
        Acceptance.accepted_at,
    )
    .join(Campaign, Campaign.id == Participation.campaign_id)
    .join(Influencer, Influencer.id == Participation.influencer_id)
    .join(Acceptance, Acceptance.participation_id == Participation.id)
    .where(among(Participation.id, "ids"))
    .order_by(Acceptance.id)
)


class Accepted(Protocol):
    """What is asked of an acceptance."""

    @property
    def accepted_at(self) -> datetime: ...


AnyAccepted = TypeVar("AnyAccepted", bound=Accepted)


def acceptance_in_force(acceptances: Sequence[AnyAccepted], at: datetime) -> AnyAccepted | None:
    """Of acceptances, oldest first, the newest at a moment; for an order placed before the first one, the first."""
    earlier = [acceptance for acceptance in acceptances if acceptance.accepted_at <= at]
    candidates = earlier or acceptances[:1]
    return candidates[-1] if candidates else None


@dataclass(frozen=True)
class Consent:
    """One acceptance's terms."""

    id: int
    terms_version: int
    terms: dict[str, Any]
    accepted_at: datetime


@dataclass(frozen=True)
class Person:
    """One participant who accepted terms."""

    participation_id: int
    participant: str
    ended_at: datetime | None
    influencer_id: int
    campaign_id: int
    brand_id: int
    shop_id: int
    currency: str
    timezone: str
    earns_from: datetime
    earns_to: datetime
    keys: frozenset[str]
    consents: tuple[Consent, ...]

    @cached_property
    def lock(self) -> timedelta:
        """How long a buyer of theirs stays theirs; nothing where the terms say nothing of it."""
        return timedelta(days=self.consents[-1].terms["attribution"].get("customer_lock_days") or 0)

    def recurs_until(self, first: datetime) -> datetime | None:
        """Until when orders of a buyer earn whose first was placed at `first`, whatever the campaign's dates.

        None where the terms say nothing of repeated orders.
        """
        recurring = self.consents[-1].terms.get("recurring")
        if recurring is None:
            return None
        return months_later(first, FOR_LIFE if recurring["months"] is None else recurring["months"])

    @cached_property
    def binds(self) -> bool:
        """Whether an order credited to them says something about its buyer's later orders."""
        return bool(self.lock) or "recurring" in self.consents[-1].terms

    def candidate(
        self, earns_from: datetime | None = None, earns_to: datetime | None = None, ended_at: datetime | None = None
    ) -> Candidate:
        """What is judged about them; a code has dates of its own."""
        attribution = self.consents[-1].terms["attribution"]
        ends = [moment for moment in (ended_at, self.ended_at) if moment is not None]
        return Candidate(
            participation_id=self.participation_id,
            participant=self.participant,
            campaign_id=self.campaign_id,
            campaign_currency=self.currency,
            earns_from=earns_from or self.earns_from,
            earns_to=earns_to or self.earns_to,
            ended_at=min(ends, default=None),
            precedence=attribution["precedence"],
            link_window=timedelta(days=attribution["link_window_days"]),
            person_keys=self.keys,
        )

    def credit(self, acceptance_id: int | None) -> Credit | None:
        """An order credited to them under one of their acceptances."""
        return self._credits.get(acceptance_id)

    @cached_property
    def _credits(self) -> dict[int | None, Credit]:
        return {
            consent.id: Credit(
                self.brand_id,
                self.influencer_id,
                self.campaign_id,
                self.participation_id,
                consent.terms,
                consent.terms_version,
                self.currency,
                self.in_run,
            )
            for consent in self.consents
        }

    @cached_property
    def in_run(self) -> bool:
        """Whether some terms they accepted make an order's earning depend on their other orders."""
        return any(needs_run(consent.terms) for consent in self.consents)


def people(connection: Connection, participation_ids: Collection[int], key: bytes) -> dict[int, Person]:
    """The participants by id; those who never accepted any terms, and so can't earn, are missing."""
    accepted: dict[int, list[Any]] = defaultdict(list)
    for row in _PEOPLE.ask(connection, ids=participation_ids):
        accepted[row.id].append(row)
    return {participation_id: _person(rows, key) for participation_id, rows in accepted.items()}


def _person(rows: Sequence[Any], key: bytes) -> Person:
    """A participant of their acceptances, oldest first; each row tells the rest as well."""
    row = rows[-1]
    return Person(
        participation_id=row.id,
        participant=row.public_id,
        ended_at=row.ended_at,
        influencer_id=row.influencer_id,
        campaign_id=row.campaign_id,
        brand_id=row.brand_id,
        shop_id=row.shop_id,
        currency=row.currency,
        timezone=row.timezone,
        earns_from=row.starts_at,
        earns_to=row.ends_at + timedelta(days=row.grace_days),
        keys=frozenset(filter(None, (email_key(key, row.email), phone_key(key, row.phone)))),
        consents=tuple(Consent(one.acceptance_id, one.terms_version, one.terms, one.accepted_at) for one in rows),
    )
