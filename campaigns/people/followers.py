"""Dated follower counts: a row for each account whenever its number is entered or changes, and none is lost.

The newest stands in `Influencer.accounts`; these rows say how it came there. They are only added.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import FollowerCount, Influencer

Account = tuple[str, str]  # network, handle


def followers_by_account(accounts: Iterable[Mapping[str, Any]]) -> dict[Account, int]:
    """Followers by account; of one that stands twice, the larger."""
    found: dict[Account, int] = {}
    for one in accounts:
        account = (str(one["network"]), str(one["handle"]))
        found[account] = max(found.get(account, 0), int(one.get("followers") or 0))
    return found


def count_followers(
    session: Session, influencer: Influencer, before: Mapping[Account, int], source: str, on: date
) -> None:
    """Keep the numbers that are others than `before`; 0 of an account that was not known before tells nothing."""
    for (network, handle), followers in followers_by_account(influencer.accounts).items():
        if followers != before.get((network, handle), 0):
            session.add(
                FollowerCount(
                    influencer_id=influencer.id,
                    network=network,
                    handle=handle,
                    followers=followers,
                    counted_on=on,
                    source=source,
                )
            )


def history(session: Session, influencer: Influencer) -> dict[Account, list[FollowerCount]]:
    """Account -> its counts, the oldest first; the accounts of today before those that are gone."""
    dated = select(FollowerCount).filter_by(influencer_id=influencer.id)
    found: dict[Account, list[FollowerCount]] = defaultdict(list)
    for account in followers_by_account(influencer.accounts):
        found[account] = []
    for one in session.scalars(dated.order_by(FollowerCount.counted_on, FollowerCount.id)):
        found[one.network, one.handle].append(one)
    return {account: counts for account, counts in found.items() if counts}
