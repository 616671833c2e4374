"""What growth costs: the same work at three sizes of the tables, side by side, round by round.

Measured in this process, without HTTP in between where there is none in the question: a batch of clicks and a batch of
orders to their commit, the campaign page as staff open it, and the closing of a campaign with 300 orders, which is
rolled back so that it can be done again. The busy campaign's pages are opened as each of its three readers has them.
"""

from collections.abc import Callable, Sequence
from contextvars import Context
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bench.databases import Databases, administer, working
from bench.deliveries import Made
from bench.figures import GROWING, Figures, growth_figures
from bench.filling import fill
from bench.sizes import Size
from bench.stages import Stages, keep_orders, set_stages
from bench.wrk import BROWSER
from campaigns import create_app
from campaigns.clock import utc_now
from campaigns.db import db
from campaigns.ids import TimeOrdered
from campaigns.models import Campaign, Click, User
from campaigns.settlement.close import close
from campaigns.tracking.clicks import Visit, click_row, write_clicks
from campaigns.tracking.links import find_target
from tests import factories
from tests.conftest import settings_for
from tests.faults.stage import Stage

CLICKS_IN_BATCH = 30
ORDERS_IN_BATCH = 16

Say = Callable[[str], None]


class Grown:
    """One database at one size. Every measure gives milliseconds."""

    def __init__(self, url: str, databases: Databases, stages: Stages) -> None:
        self.app: Flask = create_app(settings_for(url, databases.home))
        self.stages = stages
        self._numbers = TimeOrdered()
        with self.app.app_context():
            session = db.session()
            busy = session.get_one(Campaign, stages.busy.campaign_id)
            someone = factories.participants(session, busy)[0]
            staff = self._signed_in(factories.user(session))
            self._pages = {
                "stats_page": (staff, f"/console/campaigns/{self._name(stages.fixed)}"),
                "stats_page_of_grown_campaign": (staff, f"/console/campaigns/{self._name(stages.clicked)}"),
                "busy_page_of_agency": (staff, f"/console/campaigns/{busy.public_id}"),
                "busy_page_of_brand": (
                    self._signed_in(factories.user(session, brand=busy.brand)),
                    f"/brand/campaigns/{busy.public_id}",
                ),
                "busy_page_of_influencer": (
                    self._signed_in(factories.user(session, influencer=someone.influencer)),
                    f"/me/campaigns/{someone.public_id}",
                ),
            }
            slugs = stages.crowd[0].slugs
            found = [find_target(db.session().connection(), slug) for slug in slugs]
            self._targets = [target for target in found if target is not None]

    def rows(self) -> int:
        """Clicks in the table."""
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(Click)) or 0

    def click(self) -> float:
        """One click of a batch, committed."""
        visit = Visit("GET", {"user-agent": BROWSER}, "192.0.2.1")
        with self.app.app_context():
            key, now = factories.identity_key(), utc_now()
            targets = (self._targets * CLICKS_IN_BATCH)[:CLICKS_IN_BATCH]
            rows = [click_row(target, visit, self._numbers.next(now), key, now) for target in targets]
            started = perf_counter()
            with db.engine.begin() as connection:
                write_clicks(connection, rows, 0)
            return since(started) / len(rows)

    def order(self, deliveries: Sequence[Made]) -> float:
        """One order of a batch, committed."""
        with self.app.app_context():
            started = perf_counter()
            keep_orders(db.session(), self.stages.crowd[0], deliveries)
            return since(started) / len(deliveries)

    def pages(self) -> dict[str, float]:
        """The pages of a campaign without clicks, of one whose clicks grow with the table, and of the busy one."""
        taken: dict[str, float] = {}
        for what, (client, address) in self._pages.items():
            started = perf_counter()
            answer = Context().run(client.get, address)
            taken[what] = since(started)
            assert answer.status_code == 200, f"{address}: {answer.status}"
        return taken

    def closing(self) -> float:
        """The final report and everyone's statement, undone."""
        with self.app.app_context():
            campaign = db.session.get_one(Campaign, self.stages.fixed.campaign_id)
            agency, now = self.app.extensions["settings"].agency(), utc_now()
            started = perf_counter()
            close(db.session(), campaign, agency, now.date(), now, None, "to measure it")
            taken = since(started)
            db.session.rollback()
            return taken

    def _signed_in(self, user: User) -> FlaskClient:
        client = self.app.test_client()
        factories.sign_in(client, user)
        return client

    def _name(self, stage: Stage) -> str:
        return db.session.get_one(Campaign, stage.campaign_id).public_id

    def leave(self) -> None:
        """Close every connection."""
        with self.app.app_context():
            db.engine.dispose()


def measure_growth(databases: Databases, size: Size, say: Say) -> Figures:
    """The figures of one kind of database."""
    databases.migrated("stages")
    with working(databases.url("stages"), databases.home) as (_, session):
        stages = set_stages(session)
    grown: dict[int, Grown] = {}
    bytes_of: dict[str, int] = {}
    for clicks in size.clicks:
        say(f"growth, {databases.kind}, filling {clicks:,} clicks")
        name = f"grown_{clicks}"
        url = databases.copy("stages", name)
        fill(databases, name, stages, clicks, size)
        grown[clicks] = Grown(url, databases, stages)
        assert grown[clicks].rows() == clicks + size.busy[0], f"{grown[clicks].rows()} rows"
        bytes_of[str(clicks)] = _bytes(databases, name)
    say(f"growth, {databases.kind}, measuring")
    figures = growth_figures(_go_round(grown, stages, size))
    for each in grown.values():
        each.leave()
    return {"growth": {"databases": {databases.kind: figures | {"database_bytes": bytes_of}}}}


def since(started: float) -> float:
    """Milliseconds."""
    return (perf_counter() - started) * 1000


def _go_round(grown: dict[int, Grown], stages: Stages, size: Size) -> dict[str, dict[int, list[float]]]:
    """Costs by what was measured and by size; the first round warms up and isn't counted."""
    costs: dict[str, dict[int, list[float]]] = {what: {clicks: [] for clicks in grown} for what in GROWING}
    for number in range(1 + size.growth_rounds):
        deliveries = list(stages.supply.make(ORDERS_IN_BATCH))
        for clicks, database in grown.items():
            taken = {
                "click": database.click(),
                "order": database.order(deliveries),
            } | database.pages()
            if number <= size.closings:
                taken["closing"] = database.closing()
            for what, cost in taken.items() if number else ():
                costs[what][clicks].append(cost)
    return costs


def _bytes(databases: Databases, name: str) -> int:
    if databases.kind == "sqlite":
        return databases.file(name).stat().st_size
    with_name = databases.url(name).rsplit("/", 1)[1]
    return int(administer(f"SELECT pg_database_size('{with_name}')"))
