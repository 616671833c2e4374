"""Codes in the demo data's shops, which nobody may ask: somebody created them by hand, but for two; one leaked.

Beside them links that an influencer made herself, with their clicks, and a code with one eager buyer to look at.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from campaigns.demo import seed_sales
from campaigns.demo.seed_house import House
from campaigns.models import Campaign, Participation
from campaigns.planning import codes, notices, own_links
from campaigns.planning.audit import note
from campaigns.planning.shop_codes import by_hand, queue
from campaigns.tracking import leak_watch, own_link_clicks

NOT_YET = ("ben", "rima")  # their codes still wait for somebody
LEAKED = "layla"
# (page, label, clicks)
LINKS = (("/serum/how-to", "הסטורי של שלישי", 31), ("/sets", "ביו באינסטגרם", 12), ("/hands", "קבוצת הוואטסאפ", 9))
LINKS_SINCE = timedelta(days=2)


def created(
    session: Session, house: House, campaign: Campaign, people: Mapping[str, Participation], at: datetime,
    but: Collection[str] = (),
) -> None:  # fmt: skip
    """Somebody typed them into the shop, one after the other."""
    for handle, one in people.items():
        if handle not in but:
            _say_created(session, house, campaign, one.codes[-1].code, at)


def replaced(session: Session, house: House, campaign: Campaign, one: Participation, now: datetime) -> None:
    """A code stood on a page of coupons: it counts no more, and its end in the shop waits for a person."""
    old = one.codes[-1].code
    new = codes.replace_code(session, one, now)
    notices.code_given(session, one, house.public_url, now)
    subject = f"participation:{one.public_id}"
    note(session, house.staff.id, "code.replaced", subject, now, old=old, new=new.code)
    _say_created(session, house, campaign, new.code, now + timedelta(minutes=5))


def looked_after(session: Session, now: datetime) -> None:
    """What the worker does with codes from time to time: those that are over end, those that stand out are kept."""
    queue.put_to_end(session, now)
    leak_watch.watch_codes(session, now)


def links(session: Session, whose: Participation, key: bytes, now: datetime) -> None:
    """Her own links of the last days, and their clicks as they are counted by now."""
    lots, since = Random(4), now - LINKS_SINCE
    made = [own_links.make_link(session, whose, page, label, since) for page, label, _ in LINKS]
    for link, (_, _, count) in zip(made, LINKS, strict=True):
        seed_sales.visits(session, link.slug, lots, count, (since, now - timedelta(minutes=30)), key)
    while own_link_clicks.count_slice(session.connection(), now):
        pass
    session.expire_all()


def _say_created(session: Session, house: House, campaign: Campaign, code: str, at: datetime) -> None:
    row = by_hand.shop_code_for(session, campaign, code, at)
    by_hand.say_created(session, row, at)
    note(session, house.staff.id, "shop_code.created_by_hand", f"campaign:{campaign.public_id}", at, code=code)
