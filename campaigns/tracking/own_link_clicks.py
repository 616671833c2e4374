"""Clicks through links that influencers made themselves, counted behind the hot path's back.

A click's id grows with time, so a stretch of time is a stretch of the table's own order: each is read once, a minute
late, for clicks are written within seconds. What was counted stays when the clicks themselves are let go.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from campaigns.ids import TimeOrdered
from campaigns.models import AffiliateLink, Click, LinkCount

LATE = timedelta(minutes=1)
SLICE = timedelta(hours=1)


def waits(session: Session, now: datetime) -> bool:
    """Whether a stretch is to be counted; never, where nobody has made a link."""
    return session.scalar(select(LinkCount.id).where(LinkCount.counted_to < now - LATE)) is not None


def count_slice(connection: Connection, now: datetime) -> bool:
    """Count the next stretch; the caller commits. False where none is left, or another worker has taken it."""
    begin = connection.scalar(select(LinkCount.counted_to))
    if begin is None or begin >= now - LATE:
        return False
    end = min(begin + SLICE, now - LATE)
    taken = connection.execute(update(LinkCount).where(LinkCount.counted_to == begin).values(counted_to=end))
    if taken.rowcount != 1:
        return False
    own = select(AffiliateLink.id).where(AffiliateLink.page != "")
    stretch = (Click.id >= TimeOrdered.floor(begin), Click.id < TimeOrdered.floor(end), Click.uncounted == "")
    counts = select(Click.link_id, func.count()).where(*stretch, Click.link_id.in_(own)).group_by(Click.link_id)
    for link_id, clicks in connection.execute(counts).all():
        more = {"clicks": AffiliateLink.clicks + clicks}
        connection.execute(update(AffiliateLink).where(AffiliateLink.id == link_id).values(more))
    return True
