"""Terms as sentences: the one place that spells what each term means, for pages, papers and acceptances alike.

Every sentence is told of the influencer, so that influencer, brand and agency read the same words. Facts are numbers
and names already written out, so a sentence can be frozen into a paper and said in another language years later.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from babel.numbers import get_currency_symbol

from campaigns.errors import Said
from campaigns.money import format_bps, format_minor

Terms = Mapping[str, Any]


def in_words(terms: Terms, currency: str) -> list[Said]:
    """What complete terms promise, every term of them, in the order a reader asks: how much, of what, whose, when.

    >>> in_words({"influencer_rate_bps": 1500, "agency_rate_bps": 300, "base": "net", "return_window_days": 14,
    ...           "attribution": {"precedence": "coupon", "link_window_days": 30}}, "ILS")[0]
    'Commission: 15% of every credited sale.'
    """
    return [
        *_rates(terms, currency),
        *_goods(terms),
        *_beside(terms, currency),
        *_buyers(terms),
        *_contacts(terms.get("leads", {}), currency),
        *_collecting(terms),
        *_shares(terms),
        *_credit(terms["attribution"]),
        Said(
            "A commission is pending for %(days)s days after the order, while the buyer may return it. What comes back "
            "later is taken off the next statement.",
            days=terms["return_window_days"],
        ),
    ]


def frozen(sentences: list[Said]) -> list[dict[str, Any]]:
    """Sentences as a paper keeps them: template and facts."""
    return [{"sentence": one.template, "facts": one.facts} for one in sentences]


def cash(amount_minor: int, currency: str) -> str:
    """An amount with the sign of its currency, or its code where English has no sign.

    >>> cash(123450, "ILS"), cash(5, "KWD")
    ('₪1,234.50', 'KWD\\xa00.005')
    """
    sign = get_currency_symbol(currency, "en")
    space = "\u00a0" if sign.isalpha() else ""
    minus = "-" if amount_minor < 0 else ""
    return f"{minus}{sign}{space}{format_minor(abs(amount_minor), currency)}"


def basic_rate_bps(terms: Terms) -> int:
    """The rate that holds where no other does: the partner's, where they collect the money, else the influencer's."""
    collects = terms.get("settlement", {}).get("collects")
    return int(terms["settlement"]["partner_rate_bps"] if collects == "partner" else terms["influencer_rate_bps"])


def _rates(terms: Terms, currency: str) -> Iterator[Said]:
    tiers = terms.get("tiers", ())
    if basic_rate_bps(terms):
        yield Said("Commission: %(rate)s of every credited sale.", rate=format_bps(basic_rate_bps(terms)))
    else:
        yield Said("Commission: no percentage of sales in general, only what is named here.")
    whole = terms.get("tiers_apply") == "whole"
    for tier in tiers:
        facts = {"rate": format_bps(tier["rate_bps"]), "sales": cash(tier["from_sales_minor"], currency)}
        if whole:
            yield Said(
                "Once the influencer's sales reach %(sales)s, all of them earn %(rate)s, the earlier ones too.", **facts
            )
        else:
            yield Said(
                "What the influencer sells beyond %(sales)s earns %(rate)s; what was sold before keeps its rate.",
                **facts,
            )
    if tiers or "bonus" in terms:
        yield Said(
            "For steps and bonuses all the influencer's sales in the campaign count, in the order they were placed, "
            "without what was given back."
        )


def _goods(terms: Terms) -> Iterator[Said]:
    for rate, names in _by_rate(terms.get("category_rates", {})):
        yield Said("Goods of these categories earn %(rate)s: %(names)s.", rate=rate, names=names)
    for rate, names in _by_rate(terms.get("sku_rates", {})):
        yield Said("Goods with these SKUs earn %(rate)s, whatever their category: %(names)s.", rate=rate, names=names)


def _by_rate(rates: Mapping[str, int]) -> list[tuple[str, str]]:
    """(rate, names) of named rates, the highest first, so that five hundred names at one rate are one sentence."""
    names: dict[int, list[str]] = {}
    for name in sorted(rates, key=str.casefold):
        names.setdefault(rates[name], []).append(name.strip())
    return [(format_bps(rate), ", ".join(names[rate])) for rate in sorted(names, reverse=True)]


def _beside(terms: Terms, currency: str) -> Iterator[Said]:
    if "fixed_per_order_minor" in terms:
        yield Said(
            "Beside it %(amount)s for every credited order of which something is left, but no more than both shares "
            "leave of the order.",
            amount=cash(terms["fixed_per_order_minor"], currency),
        )
    for bonus in terms.get("bonus", ()):
        amount = cash(bonus["amount_minor"], currency)
        if "at_orders" in bonus:
            yield Said(
                "A bonus of %(amount)s, once, with order number %(orders)s.", amount=amount, orders=bonus["at_orders"]
            )
        else:
            sales = cash(bonus["at_sales_minor"], currency)
            yield Said("A bonus of %(amount)s, once, when sales reach %(sales)s.", amount=amount, sales=sales)
    if "cap_minor" in terms:
        yield Said(
            "Orders earn the influencer at most %(amount)s in the whole campaign, bonuses included.",
            amount=cash(terms["cap_minor"], currency),
        )
    else:
        yield Said("There is no upper limit.")


def _buyers(terms: Terms) -> Iterator[Said]:
    customers = terms.get("customers")
    if customers == "new":
        yield Said(
            "Only orders of buyers who are new to the shop earn and are charged. A buyer whom nobody can recognise "
            "counts as a returning one."
        )
    elif customers == "all":
        yield Said("New and returning buyers count alike.")
    if "returning_rate_bps" in terms:
        yield Said(
            "Orders of buyers who bought in the shop before, or can't be recognised, earn %(rate)s instead.",
            rate=format_bps(terms["returning_rate_bps"]),
        )
    if "recurring" in terms:
        rate = format_bps(terms["recurring"].get("rate_bps", basic_rate_bps(terms)))
        months = terms["recurring"]["months"]
        if months is None:
            yield Said(
                "When a buyer the influencer brought orders again, without a code and without a click, that earns "
                "%(rate)s for as long as the buyer goes on buying, also after the campaign.",
                rate=rate,
            )
        else:
            yield Said(
                "When a buyer the influencer brought orders again, without a code and without a click, that earns "
                "%(rate)s for %(months)s months after the first order, also after the campaign.",
                rate=rate,
                months=months,
            )


def _contacts(leads: Terms, currency: str) -> Iterator[Said]:
    amounts = {name: cash(amount, currency) for name, amount in leads.items() if name.endswith("_minor")}
    if "per_lead_minor" in amounts:
        yield Said("Every call or lead earns %(amount)s.", amount=amounts["per_lead_minor"])
    if "per_qualified_minor" in amounts:
        yield Said("One that is qualified earns %(amount)s for that.", amount=amounts["per_qualified_minor"])
    if "per_closed_minor" in amounts:
        yield Said("One that becomes a deal earns %(amount)s for that.", amount=amounts["per_closed_minor"])
    if "plan_leads" in leads:
        yield Said(
            "Call or lead number %(leads)s fulfils the plan and earns %(amount)s, once.",
            leads=leads["plan_leads"],
            amount=amounts["plan_base_minor"],
        )
    if leads:
        yield Said(
            "A call or lead is qualified when the brand says so, or when the call took at least %(seconds)s seconds. "
            "A rejected one earns nothing and does not count.",
            seconds=leads["qualified_seconds"],
        )
    if "agency_per_lead_minor" in amounts:
        yield Said(
            "The brand pays the agency %(amount)s for every call or lead.", amount=amounts["agency_per_lead_minor"]
        )


def _collecting(terms: Terms) -> Iterator[Said]:
    settlement = terms.get("settlement", {})
    if settlement.get("collects") == "partner":
        yield Said(
            "The influencer collects the buyers' money, and hands on to the brand what was paid for the goods with "
            "their tax, less what was given back and less the commission."
        )
        yield Said(
            "If the brand collected it, the commission would be %(rate)s.",
            rate=format_bps(terms["influencer_rate_bps"]),
        )
    elif settlement:
        yield Said("The brand collects the buyers' money and owes the commission.")
        if "partner_rate_bps" in settlement:
            rate = format_bps(settlement["partner_rate_bps"])
            yield Said("If the influencer collected it, the commission would be %(rate)s.", rate=rate)


def _shares(terms: Terms) -> Iterator[Said]:
    if terms["base"] == "net":
        yield Said("Rates are of what the buyer pays for the goods: after discounts, before VAT, without shipping.")
    else:
        yield Said("Rates are of what the buyer pays for the goods: after discounts, VAT included, without shipping.")
    yield Said(
        "The agency's share: %(rate)s of the same sum. The brand pays it beside the commission; it is never taken off "
        "it.",
        rate=format_bps(terms["agency_rate_bps"]),
    )


def _credit(attribution: Terms) -> Iterator[Said]:
    yield Said(
        "The influencer's code on an order makes the sale theirs. So does their link, opened at most %(days)s days "
        "before.",
        days=attribution["link_window_days"],
    )
    if attribution["precedence"] == "coupon":
        yield Said("If a code and a link lead to two different influencers, the code decides.")
    else:
        yield Said("If a code and a link lead to two different influencers, the link opened last decides.")
    if attribution.get("customer_lock_days"):
        yield Said(
            "For %(days)s days after such an order the same buyer's next ones in the campaign's time are theirs too, "
            "if they come without a code and without a click.",
            days=attribution["customer_lock_days"],
        )
    if attribution.get("registered_customer_days"):
        yield Said(
            "The influencer can register customers before they first buy. What such a customer buys in the next "
            "%(days)s days and in the campaign's time is theirs, whatever code or link it comes with.",
            days=attribution["registered_customer_days"],
        )
        yield Said(
            "Who had bought in the shop before is registered late: what they buy is the influencer's only where no "
            "code, no link and no earlier order makes it anybody's."
        )
