"""What `make run` says once the server answers: where to go, and on the demo data as whom."""

import click

from campaigns.db import db, reading
from campaigns.demo.people import PASSWORD, logins


def welcome(address: str) -> None:
    """Print the address, and the sign-ins if this is the demonstration's database."""
    with reading():
        found = logins(db.session())
        db.session.rollback()
    click.echo(f"\n  Campaigns is running: {address}\n")
    if found:
        click.echo(f"  Sign in with the password  {PASSWORD}\n")
    for who, email, page in found:
        click.echo(f"    {who:<12} {email:<28} {address}{page}")
    click.echo("\n  Ctrl-C stops web and worker.\n")
