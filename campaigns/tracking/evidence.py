"""What a decision's evidence says of whom: every piece of it, and what of it an influencer may be told.

A registration tells its influencer that an order came from the very person they registered. Where it decided nothing,
they don't hear of the order: anyone could register strangers, and would read what those buy.
"""

from collections.abc import Mapping
from typing import Any

from campaigns.tracking.attribution import LISTED_AS

Evidence = Mapping[str, Any]
Piece = Mapping[str, Any]

REGISTRATIONS = LISTED_AS["registered"]
LISTS = tuple(dict.fromkeys(name for name in LISTED_AS.values() if name != "customer_lock"))


def pieces(evidence: Evidence) -> list[Piece]:
    """Every piece of evidence that names a participant."""
    found = [piece for name in LISTS for piece in evidence.get(name, [])]
    return found + ([evidence["customer_lock"]] if "customer_lock" in evidence else [])


def telling(evidence: Evidence) -> Evidence:
    """The evidence by which influencers may know of an order that is not theirs."""
    if REGISTRATIONS not in evidence:
        return evidence
    told = [piece for piece in evidence[REGISTRATIONS] if piece["alone"] and piece["verdict"] == "valid"]
    return {**evidence, REGISTRATIONS: told}


def names(evidence: Evidence, participant: str) -> bool:
    """Whether any of it names a participant, by public id."""
    return any(piece["participant"] == participant for piece in pieces(evidence))


def repeated(reason: str, evidence: Evidence) -> bool:
    """Whether an order is one more of a buyer who is locked to whom it is credited to: `recurring` pays for it.

    It is where the lock alone credits it, and where a registration does and the lock says the same.
    """
    if reason != "registered":
        return reason == "customer_lock"
    first = next(piece for piece in evidence[REGISTRATIONS] if piece["alone"] and piece["verdict"] == "valid")
    lock = evidence.get("customer_lock", {})
    return (lock.get("verdict"), lock.get("participant")) == ("valid", first["participant"])
