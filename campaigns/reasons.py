"""The reason somebody of the staff gives for what they decide: kept, audited, and read by whom it concerns."""

from campaigns.errors import Invalid, Said

LONGEST_REASON = 1000


def read_reason(text: str, most: int = LONGEST_REASON) -> str:
    """The reason as it is kept; raises Invalid without one, or for one of more than `most` characters."""
    reason = text.strip()
    if not reason:
        raise Invalid({"reason": [Said("is missing")]})
    if len(reason) > most:
        raise Invalid({"reason": [Said("must have at most %(most)s characters", most=most)]})
    return reason
