"""The commands of `flask --app wsgi …`: each parses, makes one domain call, commits, and says what came of it."""

import logging
import sys

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from campaigns.clock import utc_now
from campaigns.db import db, described, reading
from campaigns.errors import DomainError
from campaigns.i18n import LANGUAGES
from campaigns.models import User
from campaigns.models.accounts import ROLES
from campaigns.people import invitations, records, tokens
from campaigns.settlement.books import breaches
from config import Settings

user_commands = AppGroup("user", help="Sign-ins.")
token_commands = AppGroup("token", help="Tokens of the JSON API.")
books_commands = AppGroup("books", help="The ledger and what hangs on it.")
delivery_commands = AppGroup("deliveries", help="The webhook inbox.")


def init_app(app: Flask) -> None:
    """Add the commands to `flask`."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a timer still busy when it rings again is no news
    for noisy in ("alembic", "weasyprint", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for group in (user_commands, token_commands, books_commands, delivery_commands):
        app.cli.add_command(group)
    for command in (serve, worker, up, demo, seed_demo):
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
        found = breaches(db.session())
        db.session.rollback()
    for breach in found:
        click.echo(breach)
    if found:
        raise SystemExit(1)
    click.echo("the books balance")


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
