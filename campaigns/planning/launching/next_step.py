"""What comes next in a campaign: one step, from its status and its checklist, so that a newcomer is led to live."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.errors import Said
from campaigns.planning.launching.checklist import OPEN, Item

PLANNED = ("draft", "recruiting")
AFTER_LAUNCH = ("ready", "live")


@dataclass(frozen=True)
class Step:
    """What to do, and the name of the place where it is done; no place where there is only waiting."""

    sentence: Said
    place: str = ""


LATER: dict[str, Step] = {
    "ready": Step(Said("Everything is done: the campaign goes live by itself on its first day.")),
    "live": Step(Said("The campaign is live. Look at its orders now and then."), "orders"),
    "ended": Step(Said("The campaign has ended. Hold its orders against the shop's own list."), "reconciling"),
    "reconciling": Step(Said("Decide on the differences from the shop's list, then close the campaign."), "closing"),
    "closed": Step(Said("The campaign is closed. Bill the brand, and pay the influencers."), "bills"),
    "archived": Step(Said("Nothing is left to do: the campaign is over.")),
    "cancelled": Step(Said("This campaign was called off. The next one begins with a plan."), "new"),
}


def next_step(status: str, items: Sequence[Item]) -> Step:
    """The one thing to do now."""
    if status in PLANNED:
        return _towards_launch(items)
    waiting = next((item for item in items if item.follow_up and item.state == OPEN), None)
    if status in AFTER_LAUNCH and waiting is not None:
        return Step(waiting.sentence, waiting.place)
    return LATER[status]


def _towards_launch(items: Sequence[Item]) -> Step:
    first = next((item for item in items if item.state == OPEN and not item.follow_up), None)
    if first is None:
        return Step(Said("Everything is in place. Look at it once more, and launch."), "launch")
    return Step(first.sentence, first.place)
