"""Why a delivery was not taken in, said in the reader's language.

A reason is kept as the English sentence it was, often with facts in it: a field's path, a version, a host. Here the
sentence is found again and its facts are told apart, so that what was kept years ago can be said in any language. A
test holds these lists against the source of all who write reasons; a sentence nobody knows is shown as it is.
"""

import re
from functools import cache

from campaigns.errors import Said
from campaigns.i18n import N_, gettext, iso, said

NOTHING_FOR_US = (
    N_("unknown topic"),
    N_("not about an order"),
    N_("not an order yet"),
    N_("not from a checkout"),
    N_("nothing of an order was written"),
    N_("a cart: not an order yet"),
    N_("a message: the order is unchanged"),
    N_("an edit's differences: the order itself follows as orders/updated"),
    N_("archived: out of the shop's list, its state unchanged"),
    N_("back in the shop's list, its state unchanged"),
    N_("money moved: the claw-back follows items, which come with the refund"),
    N_("money moved: the order follows as statusUpdated"),
    N_("a dispute: no money moved so far"),
    N_("no sale: a payment method was set up"),
    N_("the first payment comes with its checkout session"),
)
UNREADABLE = (
    N_("the body is not a JSON document"),
    N_("the body is not a JSON object"),
    N_("the body is not a token"),
    N_("the document is nested too deeply"),
    N_("a deletion that carries an order"),
    N_("an order with an amount and without lines"),
    N_("an accrual without a campaign and participant"),
)
# Of a field, whose path stands before it.
OF_A_FIELD = (
    N_("missing"),
    N_("missing, and the price has the tax inside"),
    N_("missing, so its tax is unknown"),
    N_("not a text"),
    N_("not an id"),
    N_("not a list"),
    N_("not an object"),
    N_("not a quantity"),
    N_("not a whole number"),
    N_("neither true nor false"),
    N_("a NUL character"),
    N_("half a character"),
    N_("not a date and time"),
    N_("not a year of our times"),
    N_("not seconds since 1970"),
    N_("a date and time without a zone"),
    N_("local time, and the shop's time zone is unknown"),
    N_("not an amount"),
    N_("not an amount in %(currency)s"),
    N_("not an ISO 4217 currency"),
    N_("not the order's"),
    N_("another currency than the order's"),
    N_("below zero"),
    N_("more than this system takes"),
    N_("more than the total"),
    N_("less than its discount"),
    N_("less than its shipping"),
    N_("less than its tax and shipping"),
    N_("they do not add up to the total"),
    N_("a refund that adds money"),
    N_("not a refund's"),
    N_("not a line of the order"),
    N_("not an order's id"),
    N_("several orders in one delivery"),
    N_("without its currency, lines or payments"),
    N_("refunded in part, and how much isn't said"),
    N_("a discount on shipping"),
    N_("a promotion code without its name"),
    N_("a version that is not known yet"),
    N_("a word we don't know"),
    N_("an unknown word"),
    N_("an unknown state"),
    N_("an unknown status"),
    N_("an unknown kind of item"),
    N_("an unknown way of stating prices"),
    N_("none of %(words)s"),
)
WITH_FACTS = (
    N_("API version %(version)s is not known yet"),
    N_("internal fault (%(kind)s)"),
    N_("%(value)s is not an amount"),
    N_("%(value)s is not an amount this system takes"),
    N_("%(value)s is not an ISO 4217 currency"),
    N_("%(value)s has more decimals than %(currency)s"),
    N_("%(kind)s postings sum to %(totals)s"),
)
OF_A_SHOPS_API = (
    N_("the shop has no order %(order)s"),
    N_("orders of this shop can't be read back"),
    N_("the shop has no credentials of its API here"),
    N_("the shop's API answered with status %(code)s"),
    N_("the shop's API refuses the credentials, or they may not read orders"),
    N_("the shop's API refuses the credentials; they must be entered anew"),
    N_("the platform wants other credentials than those kept; they must be entered anew"),
    N_("what answers at the shop's address is not its API"),
    N_("what is kept under lock does not open; it must be entered again"),
    N_("the credentials have characters in them that can't be sent"),
    N_("the address of an API begins with https:// and names no unusual port"),
    N_("this is not the address of an API"),
    N_("the host %(host)s is unknown"),
    N_("%(host)s is not on the open internet"),
    N_("%(host)s answered with error %(code)s"),
    N_("%(host)s answered with more than we take"),
    N_("%(host)s broke off its answer"),
    N_("%(host)s can't be reached"),
    N_("%(host)s can't be spoken to safely: its certificate does not hold"),
    N_("%(host)s did not answer in time"),
    N_("%(host)s sends us to another address; enter that one"),
)

# What was said of deliveries that are still kept, and is said no more.
FORMERLY = (N_("leads are not read from shops"),)

_PLACE = re.compile(r"%\((\w+)\)s")
_FIELD = re.compile(r"(?P<field>\S*): (?P<problem>.+)", re.DOTALL)


def why(reason: str) -> str:
    """A delivery's reason, or an alarm's, in the language of the work at hand."""
    if isinstance(reason, Said):
        return said(reason)
    whole = _found(reason, (*NOTHING_FOR_US, *UNREADABLE, *WITH_FACTS, *OF_A_SHOPS_API, *FORMERLY))
    if whole is not None:
        return said(whole)
    of_field = _FIELD.fullmatch(reason)
    problem = _found(of_field["problem"], OF_A_FIELD) if of_field else None
    if of_field is None or problem is None:
        return reason
    if not of_field["field"]:  # of the whole document
        return said(problem)
    return gettext(N_("%(field)s: %(problem)s"), field=iso(of_field["field"]), problem=said(problem))


def _found(sentence: str, templates: tuple[str, ...]) -> Said | None:
    """The template a sentence was made from, with the facts in it; None where it is none of these."""
    for template in templates:
        if sentence == template:
            return Said(template)
    for template in templates:
        if "%(" in template and (made := _pattern(template).fullmatch(sentence)):
            return Said(template, **made.groupdict())
    return None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    # Of split(), every second piece is a place's name.
    pieces = [
        f"(?P<{piece}>.*)" if place % 2 else re.escape(piece) for place, piece in enumerate(_PLACE.split(template))
    ]
    return re.compile("".join(pieces), re.DOTALL)
