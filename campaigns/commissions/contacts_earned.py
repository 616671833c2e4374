"""What contacts earn: calls and leads handed over, paid by the piece, and a base for fulfilling a plan.

A contact that was rejected earns nothing and counts for nothing. The others are counted in one canonical order, when
they happened and then by their id, so that the plan's base falls on one contact however they arrive. A contact that
is rejected later gives its place to the next.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.commissions.offered import QUALIFIED_SECONDS
from campaigns.commissions.run import Earned, Part


@dataclass(frozen=True)
class ContactFact:
    """One contact credited to a participant. `status` is created, qualified, closed or rejected.

    `seconds` is how long a call took; None for what is no call.
    """

    key: int
    happened_at: datetime
    external_id: str
    status: str
    seconds: int | None
    terms: Mapping[str, Any]


def earned_by_contacts(facts: Iterable[ContactFact]) -> dict[int, Earned]:
    """What each of a participant's contacts earns, by key: each under its own terms, its place found among all."""
    found = {}
    counted = 0
    for fact in sorted(facts, key=lambda one: (one.happened_at, one.external_id, one.key)):
        counted += fact.status != "rejected"
        found[fact.key] = _earned(fact, counted)
    return found


def qualifies(fact: ContactFact) -> bool:
    """Whether a contact counts as qualified: by what became of it, or by how long the call took."""
    if fact.status in ("qualified", "closed"):
        return True
    return fact.status == "created" and fact.seconds is not None and fact.seconds >= least_seconds(fact.terms)


def least_seconds(terms: Mapping[str, Any]) -> int:
    """From how many seconds on a call counts as qualified under some terms."""
    return int(terms.get("leads", {}).get("qualified_seconds", QUALIFIED_SECONDS))


def _earned(fact: ContactFact, place: int) -> Earned:
    leads = fact.terms.get("leads", {})
    if fact.status == "rejected" or not leads:
        return Earned(0, 0)
    due = [("lead", leads.get("per_lead_minor", 0))]
    if qualifies(fact):
        due.append(("qualified", leads.get("per_qualified_minor", 0)))
    if fact.status == "closed":
        due.append(("closed", leads.get("per_closed_minor", 0)))
    if place == leads.get("plan_leads"):
        due.append(("plan", leads["plan_base_minor"]))
    parts = tuple(Part(rule, 0, None, amount) for rule, amount in due if amount)
    return Earned(sum(part.amount_minor for part in parts), leads.get("agency_per_lead_minor", 0), parts=parts)
