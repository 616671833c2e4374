"""The launch checklist: what a campaign needs before it goes to the public, each in a sentence and with its place.

Pure: facts in, items out, in the order a newcomer does them. An `open` item wants a reason at the launch; a `warning`
is only said; a `follow_up` comes after the launch, because codes don't exist before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from campaigns.errors import Said
from campaigns.money import format_bps
from campaigns.planning.launching.decisions import APPROVED, ASKED, CHANGED, NONE
from campaigns.planning.life import ROSTER

DONE, OPEN, WARNING = "done", "open", "warning"


@dataclass(frozen=True)
class Vetted:
    """The verdict on the business or the product; `campaign` is the earlier one it was carried over from."""

    verdict: str
    campaign: str = ""
    good_ratings: int | None = None
    bad_ratings: int | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of a campaign before its launch."""

    brief: bool = False
    goals: bool = False
    values: bool = False
    vetted: Mapping[str, Vetted] = field(default_factory=dict)
    share_bps: int = 0
    share_limit_bps: int = 0
    shop_heard: bool = False
    order_seen: bool = False
    material: int = 0
    accepted: int = 0
    thinking: int = 0  # invited, and neither accepted nor declined
    decided: Mapping[str, str] = field(default_factory=dict)  # plan, roster -> decisions.Standing.state
    codes: int = 0
    codes_in_shop: int = 0


@dataclass(frozen=True)
class Item:
    """One line of the list. `place` names where it is mended (blueprints/places.py); `brands`: also by the brand."""

    key: str
    state: str
    sentence: Said
    place: str
    brands: bool = False
    follow_up: bool = False
    to_brand: Said | None = None  # the sentence as the brand itself reads it


def checklist(facts: Facts) -> list[Item]:
    """Every item, done or not."""
    return [
        _simple("brief", facts.brief, "plan", Said("The brief is written."), Said("There is no brief yet.")),
        _simple(
            "goals", facts.goals, "plan",
            Said("Product and goals are written down."), Said("Product and goals are not both written down."),
        ),
        _simple(
            "values", facts.values, "plan",
            Said("The values of the brand are written down."), Said("The values of the brand are not written down."),
        ),
        _vetted("business", facts.vetted.get("business")),
        _vetted("product", facts.vetted.get("product")),
        _terms(facts),
        _simple(
            "shop", facts.shop_heard, "shop",
            Said("The shop is connected: we hear from it."), Said("Nothing has come from the shop yet."), brands=True,
        ),
        _simple(
            "order", facts.order_seen, "shop",
            Said("An order of the shop has been seen."), Said("No test order has been seen yet."), brands=True,
        ),
        _simple(
            "material", facts.material > 0, "material",
            Said("Material for the influencers is there: %(count)s.", count=facts.material),
            Said("There is no material for the influencers yet."),
        ),
        _decided("plan", facts.decided.get("plan", NONE)),
        _roster(facts),
        _decided("roster", facts.decided.get("roster", NONE)),
        _codes(facts),
    ]  # fmt: skip


def standing_open(items: list[Item]) -> list[Item]:
    """What a launch all the same wants a reason for."""
    return [item for item in items if item.state == OPEN and not item.follow_up]


def brands_items(items: list[Item]) -> list[Item]:
    """What the brand itself can do, said to it."""
    return [replace(item, sentence=item.to_brand or item.sentence) for item in items if item.brands]


def _simple(key: str, done: bool, place: str, yes: Said, no: Said, brands: bool = False) -> Item:
    return Item(key, DONE if done else OPEN, yes if done else no, place, brands)


def _vetted(subject: str, found: Vetted | None) -> Item:
    if found is None or found.verdict == "open":
        return Item(subject, OPEN, VETTING[subject]["open"], "vetting")
    if found.verdict == "unfit":
        return Item(subject, OPEN, VETTING[subject]["unfit"], "vetting")
    if found.good_ratings is not None and (found.bad_ratings or 0) > found.good_ratings:
        doubted = VETTING[subject]["doubted"].template
        return Item(subject, WARNING, Said(doubted, good=found.good_ratings, bad=found.bad_ratings), "vetting")
    if found.campaign:
        carried = VETTING[subject]["carried"].template
        return Item(subject, DONE, Said(carried, campaign=found.campaign), "vetting")
    return Item(subject, DONE, VETTING[subject]["fit"], "vetting")


def _terms(facts: Facts) -> Item:
    shares = {"share": format_bps(facts.share_bps), "limit": format_bps(facts.share_limit_bps)}
    if facts.share_bps > facts.share_limit_bps:
        above = Said("The agency's share, %(share)s of the sale, is above the house's limit of %(limit)s.", **shares)
        return Item("terms", WARNING, above, "terms")
    fine = Said("The agency's share, %(share)s of the sale, is within the house's limit of %(limit)s.", **shares)
    return Item("terms", DONE, fine, "terms")


def _roster(facts: Facts) -> Item:
    told = {"count": facts.accepted, "least": ROSTER.start, "most": ROSTER.stop - 1}
    sentence = Said("Accepted: %(count)s; %(least)s to %(most)s make a campaign", **told)
    if facts.thinking:
        sentence = Said(
            "Accepted: %(count)s, thinking about it: %(thinking)s; %(least)s to %(most)s make a campaign",
            thinking=facts.thinking,
            **told,
        )
    return Item("people", DONE if facts.accepted in ROSTER else OPEN, sentence, "people")


def _decided(subject: str, state: str) -> Item:
    key, done = f"{subject}_approved", DONE if state == APPROVED else OPEN
    return Item(key, done, AGREED[subject][state], "agreed", brands=True, to_brand=AGREED_BY_YOU[subject][state])


def _codes(facts: Facts) -> Item:
    counts = {"known": facts.codes_in_shop, "codes": facts.codes}
    if not facts.codes:
        sentence = Said("Codes are made at the launch; then they are created in the shop.")
    elif not facts.codes_in_shop:
        sentence = Said("None of the %(codes)s codes is known to be in the shop.", codes=facts.codes)
    else:
        sentence = Said("Codes known to be in the shop: %(known)s of %(codes)s.", **counts)
    whole = facts.codes > 0 and facts.codes_in_shop >= facts.codes
    state = DONE if whole else WARNING if facts.codes_in_shop else OPEN
    place = "codes" if facts.codes else ""
    return Item("codes", state, sentence, place, brands=True, follow_up=True)


VETTING: dict[str, dict[str, Said]] = {
    "business": {
        "open": Said("Nobody has looked into the business yet."),
        "unfit": Said("The business was found unfit."),
        "fit": Said("The business was looked into, and fits."),
        "doubted": Said("The business was found fit, but %(bad)s ratings are bad and %(good)s good.", bad=0, good=0),
        "carried": Said("The business was looked into for “%(campaign)s”, and fits.", campaign=""),
    },
    "product": {
        "open": Said("Nobody has looked into the product yet."),
        "unfit": Said("The product was found unfit."),
        "fit": Said("The product was looked into, and fits."),
        "doubted": Said("The product was found fit, but %(bad)s ratings are bad and %(good)s good.", bad=0, good=0),
        "carried": Said("The product was looked into for “%(campaign)s”, and fits.", campaign=""),
    },
}
AGREED: dict[str, dict[str, Said]] = {
    "plan": {
        NONE: Said("The brand has not decided on the plan yet."),
        ASKED: Said("The brand asked for a change of the plan."),
        CHANGED: Said("The plan changed since the brand approved it."),
        APPROVED: Said("The brand approved the plan."),
    },
    "roster": {
        NONE: Said("The brand has not decided on the influencers yet."),
        ASKED: Said("The brand asked for a change of the influencers."),
        CHANGED: Said("Influencers were added since the brand approved them."),
        APPROVED: Said("The brand approved the influencers."),
    },
}
AGREED_BY_YOU: dict[str, dict[str, Said]] = {
    "plan": {
        NONE: Said("You have not decided on the plan yet."),
        ASKED: Said("You asked for a change of the plan."),
        CHANGED: Said("The plan changed since you approved it."),
        APPROVED: Said("You approved the plan."),
    },
    "roster": {
        NONE: Said("You have not decided on the influencers yet."),
        ASKED: Said("You asked for a change of the influencers."),
        CHANGED: Said("Influencers were added since you approved them."),
        APPROVED: Said("You approved the influencers."),
    },
}
