"""How well somebody suits a campaign: ten thousand points in all, each reason with its weight and its sentence.

What a campaign doesn't ask, or a profile doesn't tell, counts half: it neither speaks for anybody nor against them.
What a person sold so far is measured against everybody's and stands in history.py.
"""

import re
from collections.abc import Iterable

from campaigns.errors import Said
from campaigns.i18n import LANGUAGES
from campaigns.planning.matching import sentences
from campaigns.planning.matching.facts import Person, Reason, Wanted
from campaigns.planning.matching.sentences import Sentences

WEIGHTS = {
    "field": 2500,
    "product": 700,
    "values": 300,
    "countries": 800,
    "ages": 700,
    "women": 400,
    "interests": 600,
    "style": 1000,
    "language": 1000,
    "away": 600,
    "busy": 400,
    "history": 1000,
}
WORDS_ENOUGH = 2  # words of a product, or of values, that are found with somebody: more are no better
_WORD = re.compile(r"[^\W\d_]{3,}")


def suits(wanted: Wanted, person: Person) -> tuple[Reason, ...]:
    """Every reason but the history."""
    ask, has = wanted.audience, person.audience
    known = frozenset(_words([*person.niches, *person.styles, *has.interests]))
    return (
        _field(wanted, person),
        _compared("product", frozenset(_words([wanted.product])), known, sentences.PRODUCT, WORDS_ENOUGH),
        _compared("values", frozenset(_words([wanted.brand_values])), known, sentences.VALUES, WORDS_ENOUGH),
        _compared("countries", ask.countries, has.countries, sentences.COUNTRIES),
        _compared("ages", ask.ages, has.ages, sentences.AGES),
        _women(ask.women_percent, has.women_percent),
        _compared("interests", ask.interests, has.interests, sentences.INTERESTS),
        _compared("style", _folded(wanted.styles), _folded(person.styles), sentences.STYLES),
        _language(wanted, person),
        _away(wanted, person),
        _busy(wanted, person),
    )


def partly(name: str, part: int, whole: int, why: Said) -> Reason:
    """A reason with `part` of `whole` of its weight, rounded down, and never more than all of it.

    >>> partly("style", 1, 3, Said("Shows things in a wanted style.")).points
    333
    """
    return Reason(name, WEIGHTS[name] * min(part, whole) // whole, WEIGHTS[name], why)


def _field(wanted: Wanted, person: Person) -> Reason:
    if not wanted.category:
        return partly("field", 1, 2, Said("The campaign names no field."))
    if not person.niches:
        return partly("field", 1, 2, Said("Their fields are not known."))
    if _bare(wanted.category) in {_bare(niche) for niche in person.niches}:
        return partly("field", 1, 1, Said("Works in this very field: %(found)s.", found=wanted.category))
    words = set(_words([wanted.category]))
    near = sorted(niche for niche in person.niches if words & set(_words([niche])))
    if near:
        return partly("field", 1, 2, Said("Works in a field close to it: %(found)s.", found=", ".join(near)))
    return partly("field", 0, 1, Said("Works in other fields: %(found)s.", found=", ".join(sorted(person.niches))))


def _compared(name: str, asked: frozenset[str], has: frozenset[str], said: Sentences, enough: int = 0) -> Reason:
    """What the two have in common, of all that is asked; or of as many as are `enough`."""
    if not asked:
        return partly(name, 1, 2, said.not_asked)
    if not has:
        return partly(name, 1, 2, said.not_told)
    found = sorted(asked & has)
    if not found:
        return partly(name, 0, 1, said.nothing)
    return partly(name, len(found), enough or len(asked), Said(said.some.template, found=", ".join(found)))


def _women(asked: int | None, has: int | None) -> Reason:
    if asked is None:
        return partly("women", 1, 2, Said("The campaign asks for no share of women."))
    if has is None:
        return partly("women", 1, 2, Said("The share of women in their audience is not known."))
    why = Said("Women are %(has)s%% of their audience; %(asked)s%% are wanted.", has=has, asked=asked)
    return partly("women", 100 - abs(asked - has), 100, why)


def _language(wanted: Wanted, person: Person) -> Reason:
    name = LANGUAGES.get(wanted.language, wanted.language)
    if not person.languages:
        return partly("language", 1, 2, Said("The languages of their content are not known."))
    if wanted.language in person.languages:
        return partly("language", 1, 1, Said("Speaks the campaign's language: %(found)s.", found=name))
    return partly("language", 0, 1, Said("Does not speak the campaign's language: %(found)s.", found=name))


def _away(wanted: Wanted, person: Person) -> Reason:
    days: set[int] = set()
    for span in person.away:
        start = max(span.first, wanted.first).toordinal()
        days.update(range(start, start + span.shared(wanted)))
    if not days:
        return partly("away", 1, 1, Said("Is not away during the campaign."))
    why = Said("Is away on %(away)s of the campaign's %(days)s days.", away=len(days), days=wanted.days)
    return partly("away", wanted.days - len(days), wanted.days, why)


def _busy(wanted: Wanted, person: Person) -> Reason:
    others = sum(span.shared(wanted) > 0 for span in person.running)
    if not others:
        return partly("busy", 1, 1, Said("Takes part in no other campaign at that time."))
    return partly("busy", 1, 1 + others, Said("Takes part in other campaigns at that time: %(others)s.", others=others))


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(text.strip().casefold() for text in texts if text.strip())


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in _WORD.findall(text.casefold())]


def _bare(text: str) -> str:
    """A field without case, spaces and hyphens: `Skin care` is `skincare`."""
    return re.sub(r"[\W_]+", "", text.casefold())
