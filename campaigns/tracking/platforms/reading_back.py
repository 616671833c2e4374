"""How an order is read back from a shop's API, as data; tracking/shop_api.py does the asking.

A platform that sends an id only names here what is fetched for it; the answers, each under its name, make one JSON
object, `{"order": {…}, "coupons": […]}`, which goes through the inbox as a delivery with the topic events.READ_BACK.
So what was read back is kept, judged and replayed like anything a shop sends.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

GONE = "gone"


@dataclass(frozen=True)
class Exchange:
    """Credentials that open nothing themselves: POSTed to `path` they bring a token, which opens the API for a while.

    `document` makes what is POSTed from the credentials; the answer is https://www.rfc-editor.org/rfc/rfc6749#section-5.1.
    """

    path: str
    document: Callable[[Mapping[str, str]], Mapping[str, str]]


@dataclass(frozen=True)
class ReadBack:
    """What to ask for. `{order}` in a path stands for the order's id, `{store}` and others for what `fields` ask for.

    `fields` are the credentials staff enter for a shop, in the order of the form: (name, label in English, secret).
    `base` is the API's address where the platform has one for all shops; empty, it is the shop's own `api_url`.
    `headers` makes the authorisation from the credentials; with an `exchange`, its token stands among them as `token`.
    `optional` names documents whose 404 means "none". `no_order` is an id of the platform's form that no order has.
    `deletions` are the topics that call an order deleted where only the API's not knowing it makes that true: then what
    is read back is `{"gone": <the order's id>, "asked_at": …}`.
    """

    documents: Mapping[str, str]
    fields: tuple[tuple[str, str, bool], ...]
    headers: Callable[[Mapping[str, str]], Mapping[str, str]]
    base: str = ""
    optional: frozenset[str] = frozenset()
    exchange: Exchange | None = None
    no_order: str = "0"
    deletions: frozenset[str] = frozenset()
