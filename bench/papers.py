"""What papers cost: all that a closing issues, made by the worker, against WeasyPrint alone on the same pages.

Fifteen influencers are closed once, and every round makes the files of a copy. WeasyPrint alone is handed the finished
HTML and the same fonts; what the worker adds is the templates, CSV and XLSX, the hashes, and a transaction for each
paper. Each runs in a process of its own, whose highest memory is told.
"""

import resource
from collections.abc import Callable, Sequence
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bench.databases import Databases, working
from bench.deliveries import Deliveries
from bench.figures import Figures
from bench.sizes import Size
from bench.stages import keep_orders
from campaigns import create_app
from campaigns.clock import utc_now
from campaigns.db import begin_writing, db
from campaigns.documents.issue import contents_of, without_files
from campaigns.documents.pdf import pdf
from campaigns.documents.render import KINDS, html
from campaigns.models import Campaign, Document
from campaigns.printing import make_papers
from campaigns.settlement.close import close
from tests.conftest import settings_for
from tests.faults.stage import set_stage

INFLUENCERS = 15
ORDERS_AT_ONCE = 64

Say = Callable[[str], None]


class Cost(NamedTuple):
    """Seconds from the first paper to the last, and the process's highest resident memory."""

    seconds: float
    peak_mib: int


def measure_papers(databases: Databases, size: Size, say: Say) -> Figures:
    """The figures of one kind of database."""
    say(f"papers, {databases.kind}, {size.paper_orders:,} orders")
    databases.migrated("closing")
    with working(databases.url("closing"), databases.home) as (_, session):
        pages = _closed(session, size.paper_orders)
        papers = session.scalar(select(func.count()).select_from(Document)) or 0
    fonts = databases.home / "fonts"
    alone(pages[:1], fonts)  # cuts the fonts
    taken: list[tuple[Cost, Cost]] = []
    for number in range(size.paper_rounds):
        say(f"papers, {databases.kind}, round {number + 1} of {size.paper_rounds}")
        url = databases.copy("closing", f"printed_{number}")
        taken.append((apart(alone, pages, fonts), apart(worker, url, databases.home)))
    return {"papers": {databases.kind: paper_figures(taken, papers, size.paper_orders)}}


def paper_figures(taken: Sequence[tuple[Cost, Cost]], papers: int, orders: int) -> Figures:
    """The median of the rounds' ratios, worker over WeasyPrint alone, and what the rounds took."""
    return {
        "ratio": round(median(ours.seconds / bare.seconds for bare, ours in taken), 3),
        "papers": papers,
        "orders": orders,
        "seconds": {
            "bare": round(median(bare.seconds for bare, _ in taken), 2),
            "ours": round(median(ours.seconds for _, ours in taken), 2),
        },
        "peak_mib": {"bare": max(bare.peak_mib for bare, _ in taken), "ours": max(ours.peak_mib for _, ours in taken)},
    }


def apart(work: Callable[..., Cost], *given: object) -> Cost:
    """The work in a new process, whose memory is nobody else's."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, given)


def alone(pages: Sequence[str], fonts: Path) -> Cost:
    """WeasyPrint on finished pages."""
    started = perf_counter()
    for page in pages:
        pdf(page, fonts)
    return _cost(started)


def worker(url: str, home: Path) -> Cost:
    """The worker's own timer, rung until nothing waits."""
    app = create_app(settings_for(url, home))
    with app.app_context():
        begin_writing()
        session, settings = db.session(), app.extensions["settings"]
        started = perf_counter()
        while without_files(session, 1):
            session.rollback()
            make_papers(session, settings, utc_now())
        cost = _cost(started)
        db.session.remove()
        db.engine.dispose()
    return cost


def _cost(started: float) -> Cost:
    return Cost(perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)


def _closed(session: Session, orders: int) -> list[str]:
    """Take the orders, close the campaign, and return the pages of everything that was issued."""
    stage = set_stage(session, accepted=INFLUENCERS)
    made = iter(Deliveries(stage).make(orders))
    while batch := list(islice(made, ORDERS_AT_ONCE)):
        keep_orders(session, stage, batch)
    campaign = session.get_one(Campaign, stage.campaign_id)
    agency, now = current_app.extensions["settings"].agency(), utc_now()
    close(session, campaign, agency, now.date(), now, None, "to measure it")
    session.commit()
    issued = session.scalars(select(Document).where(Document.kind.in_(KINDS)).order_by(Document.id))
    return [html(document.kind, contents_of(document)) for document in issued]
