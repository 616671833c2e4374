"""Whose a contact is: judged by the rule that judges orders, at the moment it happened, and each person counted once.

The decision stands on the contact's own row. One made by staff stands until staff make another. What a contact was
before is kept in its evidence, as `earlier`: status, reason and participant, and until when.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, or_, select

from campaigns.models import Contact, Order
from campaigns.tracking.attribution import OrderFacts, decide
from campaigns.tracking.decisions import nearest_campaigns
from campaigns.tracking.known import loose
from campaigns.tracking.people import Consent, Person, acceptance_in_force
from campaigns.tracking.pointing import Pointing, pointing
from campaigns.tracking.repeats import Heard, repeats

REPEATED = "refused_repeated"
BY_HAND = "refused_by_hand"


@dataclass(frozen=True)
class Verdict:
    """What is decided on a contact; `person` and `consent` are None where it is nobody's."""

    reason: str
    campaign_id: int | None
    person: Person | None = None
    consent: Consent | None = None
    evidence: dict[str, Any] = field(default_factory=dict)

    @property
    def pays_contacts(self) -> bool:
        """Whether the terms it falls under pay for contacts at all."""
        return self.consent is not None and "leads" in self.consent.terms

    def columns(self) -> dict[str, Any]:
        """As the contact's row has it."""
        return {
            "campaign_id": self.campaign_id,
            "participation_id": self.person.participation_id if self.person else None,
            "acceptance_id": self.consent.id if self.consent else None,
            "reason": self.reason,
            "evidence": self.evidence,
        }


def judge(
    connection: Connection, contacts: Sequence[Contact], key: bytes
) -> tuple[dict[int, Verdict], dict[int, Person]]:
    """Contact id -> what its own evidence says, or staff said; and the participants concerned, now or before."""
    also = {one.participation_id for one in contacts if one.participation_id is not None}
    points, people = pointing(connection, [_as_order(one) for one in contacts], also, key)
    found = {one.id: _verdict(one, points[one.id], people) for one in contacts}
    nowhere = [_as_order(one) for one in contacts if found[one.id].campaign_id is None]
    for contact_id, campaign_id in nearest_campaigns(connection, nowhere).items():
        found[contact_id] = replace(found[contact_id], campaign_id=campaign_id)
    return found, people


def _as_order(contact: Contact) -> Order:
    """A contact as an order of its moment: it is pointed by the same things. Earlier orders of the person are none."""
    told: dict[str, Any] = {
        "id": contact.id,
        "shop_id": contact.shop_id,
        "external_id": contact.external_id,
        "placed_at": contact.happened_at,
        "codes": contact.codes,
        "typed_codes": [],
        "click_ids": contact.click_ids,
        "landing_url": contact.proof.get("landing_url", ""),
        "affiliates": [],
        "customer_key": "",
    }
    return loose(Order, told)


def _verdict(contact: Contact, points: Pointing, people: Mapping[int, Person]) -> Verdict:
    if contact.decided_by_user_id is not None:
        return _standing(contact, people)
    facts = OrderFacts(
        placed_at=contact.happened_at,
        status="paid",
        currency=None,
        test=contact.test,
        person_keys=person_keys(contact),
        unknown_codes=tuple(points.unknown_codes),
    )
    decision = decide(facts, points.codes, points.clicks, points.named)
    evidence: dict[str, Any] = dict(decision.evidence)
    winner = people[decision.winner.participation_id] if decision.winner else None
    consent = acceptance_in_force(winner.consents, contact.happened_at) if winner else None
    if consent is not None:
        evidence["terms_version"] = consent.terms_version
    campaign_id = decision.concerned.campaign_id if decision.concerned else None
    return Verdict(decision.reason, campaign_id, winner, consent, evidence)


def _standing(contact: Contact, people: Mapping[int, Person]) -> Verdict:
    """What staff decided."""
    person = people.get(contact.participation_id or 0)
    consent = next((one for one in person.consents if one.id == contact.acceptance_id), None) if person else None
    return Verdict(contact.reason, contact.campaign_id, person, consent, without_earlier(contact.evidence))


def without_earlier(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """The evidence of the decision in force alone."""
    return {name: value for name, value in evidence.items() if name != "earlier"}


def count_once(contacts: Iterable[Contact], verdicts: Mapping[int, Verdict]) -> dict[int, Verdict]:
    """The verdicts with those refused that repeat an earlier contact of their person, campaign by campaign.

    What the shop rejected counts for nobody; what staff rejected counts as heard, or its next call would be paid.
    """
    by_campaign: dict[int | None, list[Contact]] = defaultdict(list)
    for one in contacts:
        by_hand = one.decided_by_user_id is not None
        if by_hand or (verdicts[one.id].pays_contacts and one.status != "rejected"):
            by_campaign[verdicts[one.id].campaign_id].append(one)
    found = dict(verdicts)
    for some in by_campaign.values():
        ids = {one.id: one.public_id for one in some}
        for contact_id, first in repeats(_heard(one) for one in some).items():
            own = verdicts[contact_id]
            evidence = {**own.evidence, "refused_for": own.reason, "repeats": ids[first]}
            found[contact_id] = Verdict(REPEATED, own.campaign_id, evidence=evidence)
    return found


def _heard(contact: Contact) -> Heard:
    by_hand = contact.decided_by_user_id is not None
    return Heard(contact.id, contact.happened_at, contact.external_id, person_keys(contact), by_hand)


def person_keys(contact: Contact) -> frozenset[str]:
    """What the person is known by."""
    return frozenset(filter(None, (contact.customer_key, contact.phone_key)))


def of_same_people(
    connection: Connection, campaign_ids: Collection[int], keys: Collection[str], known: Collection[int]
) -> list[Contact]:
    """The other contacts of some people in some campaigns, and of whom those lead to; `known` are had already."""
    table = Contact.__table__
    asked: set[str] = set()
    found: dict[int, Contact] = {}
    wanted = set(keys)
    while campaign_ids and wanted - asked:
        new = wanted - asked
        asked |= new
        theirs = or_(table.c.customer_key.in_(new), table.c.phone_key.in_(new))
        rows = connection.execute(select(table).where(table.c.campaign_id.in_(campaign_ids), theirs))
        for row in rows:
            if row.id not in known and row.id not in found:
                found[row.id] = loose(Contact, row._asdict())
                wanted |= person_keys(found[row.id])
    return list(found.values())
