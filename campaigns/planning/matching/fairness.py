"""Whose turn it is: ten thousand points in all for few chances given, few taken, a long wait, and being new.

The agency gives as many people as possible an opportunity. Who was never invited has four of four parts of the first
reason, after one invitation four of five, after two four of six, and so on: who was left out stands before who was
asked once, and that one before who is asked every time.
"""

from datetime import date

from campaigns.errors import Said
from campaigns.planning.matching.facts import Chances, Reason

WEIGHTS = {"given": 5000, "accepted": 2000, "waiting": 2000, "newcomer": 1000}
PARTS = 4
LONG_WAIT = 180  # days; whoever waits longer waits no less than this


def turn(chances: Chances, on: date) -> tuple[Reason, ...]:
    """The reasons why it is, or isn't, somebody's turn on a day."""
    return _given(chances), _accepted(chances), _waiting(chances, on), _newcomer(chances)


def _given(chances: Chances) -> Reason:
    weight = WEIGHTS["given"]
    if not chances.given:
        return Reason("given", weight, weight, Said("Was never invited."))
    why = Said("Invitations so far: %(count)s.", count=chances.given)
    return Reason("given", _left(weight, chances.given), weight, why)


def _accepted(chances: Chances) -> Reason:
    weight = WEIGHTS["accepted"]
    why = Said("Campaigns they took part in: %(count)s.", count=chances.accepted)
    return Reason("accepted", _left(weight, chances.accepted), weight, why)


def _waiting(chances: Chances, on: date) -> Reason:
    weight = WEIGHTS["waiting"]
    days = max(0, (on - chances.since).days)
    points = weight * min(days, LONG_WAIT) // LONG_WAIT
    if chances.given:
        return Reason("waiting", points, weight, Said("Days since the last invitation: %(days)s.", days=days))
    return Reason("waiting", points, weight, Said("Days since they joined: %(days)s.", days=days))


def _newcomer(chances: Chances) -> Reason:
    weight = WEIGHTS["newcomer"]
    if chances.accepted:
        return Reason("newcomer", 0, weight, Said("Is no newcomer."))
    return Reason("newcomer", weight, weight, Said("Is a newcomer: has taken part in no campaign yet."))


def _left(weight: int, count: int) -> int:
    """What is left of a weight after `count` chances, rounded down.

    >>> _left(5000, 0), _left(5000, 1), _left(5000, 2)
    (5000, 4000, 3333)
    """
    return weight * PARTS // (PARTS + count)
