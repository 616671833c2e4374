"""`make demo`: a whole campaign over real HTTP, from the first click to the papers, and its books checked.

Nothing here reaches into the platform: it is driven as agency staff, a shop and visitors drive it. What should come
out is worked out separately (by_hand.py) from the very list that is printed.
"""

import signal
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click

from campaigns.clock import utc_now
from campaigns.demo import by_hand, compared, over_http, papers, printed, story_evidence
from campaigns.demo.paper_day import paper_day
from campaigns.demo.planned import FEE_BPS, Planned, plan, rate_bps
from campaigns.demo.shopify_bodies import Message
from campaigns.demo.stage import Stage, stage
from campaigns.demo.story_changes import changes
from campaigns.demo.story_sales import drips, wave
from campaigns.demo.told import Scene, Told, orders_csv

AT_ONCE = 8
CLICKS = dict(noa=9, maya=14, dasha=12, layla=5, yoav=8, amir=3, olga=4, samer=6, tamar=2, ben=7, irina=3, rima=4)
LEAKED = "layla"
CLOSE_REASON = "A demonstration: closed before its last day, with one message of the shop left unread."


@dataclass(frozen=True)
class Played:
    """The campaign when all has been told: its orders, and what became of the two strays."""

    planned: Planned
    orders: list[Told]
    strays: list[str]


def play(folder: Path) -> int:
    """Play everything, leave the papers in `folder`; 0 only where every figure is right and the books balance."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()
    try:
        with stage() as running:
            balanced = _campaign(running, papers.emptied(folder))
    except (RuntimeError, OSError) as error:
        click.echo(f"the demonstration broke off: {error}", err=True)
        return 1
    click.echo(
        f"\n{'The books balance' if balanced else 'SOMETHING IS WRONG'}, {time.monotonic() - began:.0f} seconds."
    )
    return 0 if balanced else 1


def _campaign(running: Stage, folder: Path) -> bool:
    played = _tell(running, utc_now())
    api, planned = running.api, played.planned
    written = orders_csv(played.orders)
    (folder / "orders.csv").write_text(written, encoding="utf-8")
    printed.cast(planned.codes())
    printed.orders(played.orders, played.strays)
    percents = {handle: printed.percent(rate_bps(handle)) for handle in planned.participants}
    hand = by_hand.table(written, CLICKS, percents, printed.percent(FEE_BPS))
    handles = planned.ids()
    stats = api.get(f"/campaigns/{planned.campaign_id}/stats")
    orders_wrong = compared.order_differences(api, planned.campaign_id, played.orders, handles)
    on = paper_day(utc_now().date())
    report = api.post(f"/campaigns/{planned.campaign_id}/close", on=on.isoformat(), override_reason=CLOSE_REASON)
    counts = papers.expected({handle: row.commission for handle, row in hand.items()})
    listed = papers.wait_for(api, planned.campaign_id, counts)
    hashes_wrong = papers.fetch(api, listed, handles, folder)
    slips = papers.slips(api, listed, handles)
    books = running.flask("books", "check")
    table = compared.rows(stats["participants"], handles)
    printed.table(table, hand)
    printed.payslips(slips)
    total = {"total": by_hand.total(hand.values())}
    good = printed.outcome(
        {
            f"{len(played.orders)} orders: each credited to whom, and for how much, the list says": orders_wrong,
            "the table equals the one worked out by hand": [
                *compared.differences("statistics", table, hand),
                *compared.differences("statistics", {"total": compared.row(stats["totals"])}, total),
            ],
            f"the final report {report['number']} has the same rows": [
                *compared.differences("report", compared.rows(report["rows"], handles), hand),
                *compared.differences("report", {"total": compared.row(report["totals"])}, total),
            ],
            f"{len(slips)} payslips: gross is the commission, net is gross less the deductions": _slips_wrong(
                slips, hand
            ),
            f"{len(listed)} files of {sum(counts.values())} papers are there": papers.problems(listed, counts),
            "every file has the SHA-256 the API gives": hashes_wrong,
            "`flask books check` finds nothing": books.stdout.splitlines() if books.returncode else [],
        }
    )
    click.echo(f"\nThe papers and orders.csv are in {folder}")
    return good


def _tell(running: Stage, now: datetime) -> Played:
    planned = plan(running.api, now)
    clicks = _click(running, planned)
    scene = Scene(utc_now(), planned.starts_at, planned.codes(), clicks)
    told = [*wave(scene), *drips(scene), *changes(scene), *story_evidence.evidence(scene)]
    _deliver(planned, [order.messages for order in told], scene.now)
    leaked = planned.codes()[LEAKED]
    answer = running.api.post(
        f"/participants/{planned.participants[LEAKED]['id']}/replace-code", reason="found on a coupon site"
    )
    fresh = replace(scene, codes={**scene.codes, LEAKED: answer["coupon_code"]})
    after = story_evidence.after_the_leak(fresh, LEAKED, leaked, utc_now())
    _deliver(planned, [order.messages for order in after], scene.now)
    _deliver(planned, [order.late for order in told], scene.now)
    cut, forged = story_evidence.strays(scene)
    kept, refused = planned.shop.deliver(cut, scene.now), planned.shop.deliver_forged(forged, scene.now)
    if (kept, refused) != ("failed", 401):
        raise RuntimeError(f"a body cut short was {kept!r}, a forged one was answered {refused}")
    strays = [
        "a signed body cut short on its way: kept as failed, for staff to see",
        "a forged body: answered 401, kept nowhere",
    ]
    return Played(planned, [*told, *after], strays)


def _click(running: Stage, planned: Planned) -> dict[str, str]:
    """Everyone's clicks, and beside each person's a link preview that must not count; handle -> a click's id."""
    links = {handle: participant["link"] for handle, participant in planned.participants.items()}
    visits = [(handle, links[handle]) for handle, count in CLICKS.items() for _ in range(count)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ids = list(pool.map(lambda visit: over_http.click(running.server, visit[1]), visits))
        list(pool.map(lambda link: over_http.preview(running.server, link), links.values()))
    return {handle: click_id for (handle, _), click_id in zip(visits, ids, strict=True)}


def _deliver(planned: Planned, orders: Iterable[tuple[Message, ...]], at: datetime) -> None:
    """Several orders at once, the deliveries of each in their given order."""

    def tell(messages: tuple[Message, ...]) -> None:
        for sent in messages:
            planned.shop.deliver(sent, at)

    _all_at_once(tell, orders)


def _all_at_once(act: Callable[[tuple[Message, ...]], None], orders: Iterable[tuple[Message, ...]]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(act, orders))


def _slips_wrong(slips: Mapping[str, papers.Slip], hand: Mapping[str, by_hand.Row]) -> list[str]:
    return [
        f"{handle}: {slip} for {hand[handle].commission}"
        for handle, slip in slips.items()
        if slip.gross != hand[handle].commission or not slip.adds_up
    ]
