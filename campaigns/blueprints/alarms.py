"""The banner of open alarms, on the console's first page and wherever a shop is looked at."""

from typing import NamedTuple

from campaigns.blueprints.access import shops_for
from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import person
from campaigns.models import Shop, ShopAlarm
from campaigns.planning.alarm_words import Told, told
from campaigns.tracking import alarms

MOST = 5


class Shown(NamedTuple):
    """An alarm and its words, in the visitor's language."""

    alarm: ShopAlarm
    words: Told


def open_alarms(shop: Shop | None = None) -> list[Shown]:
    """Open alarms of a shop that the page has fetched for its visitor, or of the visitor's shops."""
    found = alarms.open_alarms(session(), shop.id if shop else None)
    if shop is None and found:
        mine = set(session().scalars(shops_for(person()).with_only_columns(Shop.id)))
        found = [alarm for alarm in found if alarm.shop_id in mine]
    return [Shown(alarm, told(alarm)) for alarm in found[:MOST]]
