"""The commands of `flask --app wsgi …`: each parses, makes one domain call, commits, and says what came of it."""

import logging
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from campaigns.clock import utc_now
from campaigns.db import db, described, one_moment, reading
from campaigns.errors import DomainError
from campaigns.i18n import LANGUAGES
from campaigns.models import Campaign, Shop, User
from campaigns.models.accounts import ROLES
from campaigns.people import invitations, records, tokens
from campaigns.planning.audit import note
from campaigns.settlement.books.check import breaches
from config import Settings

user_commands = AppGroup("user", help="Sign-ins.")
token_commands = AppGroup("token", help="Tokens of the JSON API.")
books_commands = AppGroup("books", help="The ledger and what hangs on it.")
click_commands = AppGroup("clicks", help="Visits through links.")
delivery_commands = AppGroup("deliveries", help="The webhook inbox.")

MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a timer still busy when it rings again is no news
    for noisy in ("alembic", "weasyprint", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for group in (user_commands, token_commands, books_commands, delivery_commands, click_commands):
        app.cli.add_command(group)
    for command in (serve, worker, up, demo, seed_demo, pull):
        app.cli.add_command(command)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


@user_commands.command("create")
@click.option("--email", required=True)
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--password", help="Without one the person is invited and sets it by a link.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="he", show_default=True)
@with_appcontext
def create_user(email: str, role: str, password: str | None, language: str) -> None:
    """Add a sign-in, with the brand or influencer it acts for."""
    session, now, profile = db.session(), utc_now(), email.split("@", maxsplit=1)[0]
    try:
        if records.find_user(session, email) is None and role == "brand":
            records.create_brand(session, profile, email, "", "", now)
        elif records.find_user(session, email) is None and role == "influencer":
            records.create_influencer(session, profile, email, now)
        if role == "agency" or password is not None:
            records.create_user(session, email, role, now, password)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    user = records.find_user(session, email)
    assert user is not None  # just made
    user.language = language
    told = f"{role} {user.email} can sign in"
    if password is None:
        token = invitations.create_invitation(session, user, now)
        told = f"{role} {user.email} sets a password at {_settings().public_url}/set-password/{token}"
    session.commit()
    click.echo(told)


@token_commands.command("create")
@click.option("--email", required=True)
@with_appcontext
def create_token(email: str) -> None:
    """Print a new API token of a sign-in; it is shown this once."""
    session = db.session()
    user: User | None = records.find_user(session, email)
    if user is None:
        raise click.ClickException(f"nobody signs in as {email}")
    token = tokens.create_token(session, user, utc_now())
    session.commit()
    click.echo(token)


@books_commands.command("check")
@with_appcontext
def check_books() -> None:
    """Check every invariant; one line per breach, and status 1 where there is one."""
    with reading():
        found = breaches(db.session(), _settings().paper_seal_key)
        db.session.rollback()
    for breach in found:
        click.echo(breach)
    if found:
        raise SystemExit(1)
    click.echo("the books balance")


@click_commands.command("recount")
@with_appcontext
def recount_clicks() -> None:
    """Count clicks anew from their rows and correct the daily counts; says what was wrong."""
    from campaigns.tracking import click_days

    session = db.session()
    with reading():
        one_moment(session)
        wrong = click_days.differences(session.connection())
        names = {row[0]: row[1] for row in session.execute(select(Campaign.id, Campaign.public_id))}
        session.rollback()
    for (campaign, participation, on, uncounted), counted, found, _ in wrong:
        place = f"campaign {names.get(campaign, campaign)}, participation {participation}, {on}"
        click.echo(f"{place}{', ' + uncounted if uncounted else ''}: {counted} counted, {found} there")
    click_days.rebuild(session.connection(), wrong)
    session.commit()
    click.echo(f"{len(wrong)} counts corrected" if wrong else "every count is right")


@delivery_commands.command("retry")
@with_appcontext
def retry_deliveries() -> None:
    """Interpret every failed delivery again, now."""
    from campaigns.jobs import failed_deliveries, retry_delivery

    counts: dict[str, int] = {}
    session, key, now = db.session(), _settings().identity_key, utc_now()
    for delivery_id in failed_deliveries(session):
        status = retry_delivery(session, delivery_id, key, now).status
        counts[status] = counts.get(status, 0) + 1
    click.echo(", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "nothing to retry")


@delivery_commands.command("replay")
@click.option("--shop", "shop_id", required=True, help="The shop's id, as in its webhook's address.")
@click.option("--since", required=True, type=click.DateTime(MOMENTS), help="In the shop's time zone.")
@click.option("--until", type=click.DateTime(MOMENTS), help="Not included; without it, now.")
@click.option("--all", "everything", is_flag=True, help="Read those again too that did not fail.")
@with_appcontext
def replay_deliveries(shop_id: str, since: datetime, until: datetime | None, everything: bool) -> None:
    """Interpret a period's failed deliveries again, slice by slice, now; stopped, a worker goes on with it."""
    from campaigns.tracking import replaying

    session, now = db.session(), utc_now()
    shop = session.scalar(select(Shop).filter_by(public_id=shop_id))
    if shop is None:
        raise click.ClickException(f"there is no shop {shop_id}")
    zone = ZoneInfo(shop.timezone)
    begin, end = since.replace(tzinfo=zone), until.replace(tzinfo=zone) if until else now
    try:
        run = replaying.start(session, shop, begin, end, not everything, None, now)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    note(session, None, "deliveries.replayed", f"shop:{shop.public_id}", now, run=run.public_id, count=run.total_count)
    session.commit()
    while replaying.replay_slice(session, _settings().identity_key, now, run.id):
        session.commit()
    session.refresh(run)
    click.echo(f"{run.done_count} of {run.total_count} read again, {run.failed_count} failed")


@click.command()
@click.option("--shop", "shop_id", required=True, help="The shop's id, as in its webhook's address.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day on; else since the last pull.")
@with_appcontext
def pull(shop_id: str, since: datetime | None) -> None:
    """Ask a shop for the orders that changed, now."""
    from campaigns.feeds import asking
    from campaigns.tracking.pull import pull_shop

    session = db.session()
    shop = session.scalar(select(Shop.id).filter_by(public_id=shop_id))
    session.rollback()
    if shop is None:
        raise click.ClickException(f"there is no shop {shop_id}")
    begin = since.replace(tzinfo=UTC) if since else None
    try:
        pulled = pull_shop(session, shop, asking(_settings()), utc_now(), begin)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{pulled.orders} orders, {pulled.new} of them new to us")


@click.command()
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@with_appcontext
def serve(port: int, host: str) -> None:
    """Run the production web server in the foreground, until SIGTERM."""
    from campaigns.supervise import become_server

    click.echo(f"serving on {host}:{port} with {described(_settings().database_url)}", err=True)
    become_server(_settings(), host, port)


@click.command()
@with_appcontext
def worker() -> None:
    """Run one background worker, until SIGTERM."""
    from campaigns.jobs import work

    work(current_app._get_current_object(), _settings())  # type: ignore[attr-defined]


@click.command()
@click.option("--port", type=int, default=8000, show_default=True)
@with_appcontext
def up(port: int) -> None:
    """Run web and worker together with demo data, until Ctrl-C."""
    from campaigns.demo.welcome import welcome
    from campaigns.supervise import run_everything

    raise SystemExit(run_everything(_settings(), port, welcome))


@click.command()
@with_appcontext
def demo() -> None:
    """Play a whole campaign over real HTTP on a throw-away database, and check its books."""
    from campaigns.demo.play import play

    raise SystemExit(play(_settings().data_dir / "demo"))


@click.command("seed-demo")
@with_appcontext
def seed_demo() -> None:
    """Fill an empty database with demo data; one with a user is left alone."""
    from campaigns.demo.seed import seed

    if seed(db.session(), _settings(), utc_now()):
        db.session.commit()
        click.echo("demo data is in place")
