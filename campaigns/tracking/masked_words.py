"""What the names of fields say about their contents: which speak of a person, which of money, which are plain.

The names are those of every platform in tracking/platforms/ and of the plug-ins around them, taken apart into words:
`billing_address`, `billingAddress` and `billing-address` are the same to us. Somebody's data hides under names that
nobody has listed, so what is in none of these lists is not shown (see masking.py); a forgotten word costs a look with
everything shown, and no buyer's privacy.
"""

import re
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

# A whole object (or list) under such a name is somebody: everything in it is masked, amounts of money excepted.
PEOPLE = frozenset(
    "customer customers buyer billing address addresses recipient payer contact contacts person cardholder guest "
    "destination client member subscriber consumer shopper receiver consignee card cards".split()
)
# A value under such a name is somebody's, wherever it stands.
PERSONAL = PEOPLE | frozenset(
    "email emails mail phone phones telephone tel mobile cell cellphone fax whatsapp firstname lastname middlename "
    "fullname surname username nickname initials street streets city town zip zipcode postcode postal latitude "
    "longitude lat lng company organization ip ipaddress agent useragent token tokens secret password passwd "
    "signature birthday birthdate birth dob gender note notes comment comments message messages remark remarks iban "
    "bic swift last4 bin cvc cvv avs owner salutation device fingerprint cookie cookies avatar gravatar login vat "
    "taxvat passport credential credentials authorization user ssn cpf cnpj nif identity "
    "national citizen".split()
)
# Words that only together speak of somebody.
PERSONAL_TOGETHER = tuple(
    frozenset(words.split())
    for words in (
        "tax id", "tax number", "session id", "id number", "x forwarded", "accept language", "account number",
        "house number", "bank code", "first name", "last name", "given name", "family name", "middle name",
        "full name", "display name",
    )
)  # fmt: skip
# Stripe hands our click id back under a name that sounds like a person.
NOBODY = frozenset({"client", "reference"})
MONEY = frozenset(
    "amount amounts total totals price prices cost costs tax taxes subtotal discount discounts fee fees net gross "
    "rate qty quantity paid due spent refunded value percent percentage tip weight money rounding".split()
)
IDS = frozenset("id ids gid uuid guid number numbers code codes sku barcode coupon coupons reference increment".split())
TIMES = frozenset("at on date time timestamp created updated modified gmt expires until since".split())
STATES = frozenset("status currency type event topic".split())
PLAIN = STATES | frozenset(
    "state title kind method gateway version scope slug vendor variant unit class "
    "category platform channel source medium timezone locale lang language utm affiliate click gclid fbclid ttclid "
    "msclkid gbraid wbraid campaign technical entity fqdn handle iso interpretation financial fulfillment".split()
)
PLAIN_TOGETHER = (frozenset({"cancel", "reason"}), frozenset({"created", "via"}))
# Pages somebody came by: shown without what their query says of the visitor.
PAGES = frozenset("landing referring referer referrer entry".split())
# Where a `name` is that of goods, a discount or a way to pay or ship, and not of a person.
THINGS = frozenset(
    "line lines item items product products position positions variation variations option options attribute "
    "attributes tax taxes discount discounts coupon coupons shipping fee fees method currency parent".split()
)
# In {"key": "click_id", "value": "…"} the name of the value stands beside it.
NAMERS = ("key", "name", "attribute_code", "label", "title")
NAMED = frozenset({"value", "values", "display_value", "text"})


@lru_cache(maxsize=4096)
def words_of(name: str) -> frozenset[str]:
    """The words a field's name is made of, in lower case.

    >>> sorted(words_of("billingAddress")), sorted(words_of("_wc_order_IP"))
    (['address', 'billing'], ['ip', 'order', 'wc'])
    """
    return frozenset(word.lower() for word in _WORDS.findall(name))


def is_personal(words: frozenset[str]) -> bool:
    """Whether a value under a name of these words is somebody's."""
    spoken = bool(words & PERSONAL) and not NOBODY <= words
    return spoken or any(together <= words for together in PERSONAL_TOGETHER)


def is_somebody(words: frozenset[str]) -> bool:
    """Whether an object under such a name is somebody. `shipping` alone is an address; `shipping_lines` are not."""
    return bool(words & PEOPLE) or words in ({"shipping"}, {"shipping", "details"})


def is_plain(words: frozenset[str]) -> bool:
    """Whether a text under such a name says nothing of anybody."""
    return bool(words & (PLAIN | IDS | TIMES)) or any(together <= words for together in PLAIN_TOGETHER)
