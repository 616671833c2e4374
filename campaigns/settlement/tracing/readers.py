"""What somebody may know of a decision on an order or a contact: their own part, what the rule weighed, nobody's buyer.

An influencer is told what concerns them and nobody else's name, code or share; a brand what concerns its own campaigns.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaigns.models import Acceptance, Participation
from campaigns.tracking.evidence import LISTS, telling

PIECES = (*LISTS, "earlier")
# What a decision's evidence says of the decision itself, and of nobody in particular.
ABOUT_IT = ("precedence", "won_by", "several_participants", "refused_for", "assigned_because")


class Decided(Protocol):
    """Whatever says whose something is, and why: an attribution decision, or a contact, which carries its own."""

    @property
    def participation_id(self) -> int | None: ...
    @property
    def evidence(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Reader:
    """For whom something is followed: `agency`, `brand` or `influencer`, and who that is."""

    role: str
    brand_id: int | None = None
    influencer_id: int | None = None

    def may_know(self, participation: Participation) -> bool:
        """Whether they may know of somebody's part in it."""
        if self.role == "influencer":
            return self.influencer_id is not None and participation.influencer_id == self.influencer_id
        return self.role == "agency" or participation.campaign.brand_id == self.brand_id


@dataclass(frozen=True)
class Ruling:
    """One decision. `participation` is whose it is, where that may be known; else it is somebody else's.

    `credits` says that it is anybody's at all; `against`, why it is not theirs who brought it. Of a contact's earlier
    decisions it is known until when they held, and how far the contact had come (`status`).
    """

    reason: str
    participation: Participation | None
    credits: bool
    in_force: bool
    evidence: Mapping[str, Any]
    against: str
    by_hand: bool = False
    decided_at: datetime | None = None
    until: datetime | None = None
    status: str = ""
    acceptance: Acceptance | None = None


def concerns(decisions: Iterable[Decided], participants: Mapping[int, str]) -> bool:
    """Whether something is or was credited to some participants (id -> public id), or came with something of theirs."""
    return any(
        one.participation_id in participants
        or any(piece.get("participant") in participants.values() for piece in _pieces(telling(one.evidence)))
        for one in decisions
    )


def known_people(session: Session, decisions: Sequence[Decided], reader: Reader) -> dict[int, Participation]:
    """Everyone the decisions speak of whom the reader may know, by id."""
    credited = {one.participation_id for one in decisions if one.participation_id is not None}
    named = {piece["participant"] for one in decisions for piece in _pieces(one.evidence) if "participant" in piece}
    found = session.scalars(
        select(Participation)
        .where(Participation.id.in_(credited) | Participation.public_id.in_(named))
        .options(joinedload(Participation.influencer), joinedload(Participation.campaign))
    )
    return {one.id: one for one in found if reader.may_know(one)}


def told_of(evidence: Mapping[str, Any], people: Collection[Participation], own: bool) -> dict[str, Any]:
    """What of a decision's evidence may be told to who knows of `people`; `own`, where it is for one of them."""
    known = {one.public_id for one in people}
    told: dict[str, Any] = {name: evidence[name] for name in ABOUT_IT if name in evidence}
    shown = evidence if own else telling(evidence)
    for name in PIECES:
        pieces = [piece for piece in shown.get(name, []) if piece.get("participant") in known]
        told |= {name: pieces} if pieces else {}
    lock = evidence.get("customer_lock")
    if lock and lock["participant"] in known:
        # Not which order that was: who bought what when is the buyer's.
        told["customer_lock"] = {name: fact for name, fact in lock.items() if name != "order"}
    if own:
        told |= {name: evidence[name] for name in ("rate", "terms_version") if name in evidence}
    return told


def _pieces(evidence: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Every piece of evidence that may name a participant."""
    found = [piece for name in PIECES for piece in evidence.get(name, [])]
    return found + ([evidence["customer_lock"]] if "customer_lock" in evidence else [])
