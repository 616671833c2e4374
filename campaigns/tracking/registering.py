"""May a participant have a customer they register? One pure function from facts to an outcome with a reason.

A customer who never bought in the shop and is nobody's becomes theirs alone (`attached`). One who bought before is
theirs only where nothing else makes an order anybody's (`late`). Else it is `refused`, and they are told why. What the
customer asks for goes before who has them and what they bought, and before nothing else.

docs/attribution.md has the table; its rows are the tests.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class CustomerFacts:
    """What is known when somebody registers a customer with a shop."""

    days: int  # how long the terms bind a registered customer; 0: they speak of none
    takes_part: bool  # the participant still earns in the campaign
    own: bool  # the address or the number is the participant's
    bought_before: bool  # there is a sale of the customer's in this shop
    held_by_another: bool = False  # somebody else has the customer alone at present
    held_by_self: bool = False  # the participant has, by a registration in another campaign of the shop
    at_own_request: bool = False  # staff enter it, because the customer asked for it


@dataclass(frozen=True)
class Outcome:
    """What becomes of a registration, and what decided it."""

    status: str
    reason: str

    @property
    def exclusive(self) -> bool:
        """Whether the customer is theirs alone."""
        return self.status == "attached"

    @property
    def binds(self) -> bool:
        """Whether it says anything of the customer's orders."""
        return self.status in ("attached", "late")


def outcome(facts: CustomerFacts) -> Outcome:
    """The outcome; the first of the reasons in the table's order that holds."""
    impossible = _impossible(facts)
    if impossible:
        return Outcome("refused", impossible)
    if facts.at_own_request:
        return Outcome("attached", "own_request")
    if facts.held_by_another:
        return Outcome("refused", "held_by_another")
    if facts.held_by_self:
        return Outcome("refused", "held_by_self")
    if facts.bought_before:
        return Outcome("late", "bought_before")
    return Outcome("attached", "new_customer")


def _impossible(facts: CustomerFacts) -> str:
    """Why nothing can make this customer this participant's; "" where something can."""
    if not facts.days:
        return "not_offered"
    if not facts.takes_part:
        return "not_taking_part"
    return "own_address" if facts.own else ""
