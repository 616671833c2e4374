"""Several web nodes on one database, within one process: each has lanes, and so a group commit, of its own."""

from flask import Flask
from werkzeug.test import Client

from campaigns.db import db
from campaigns.lanes.lanes import Lanes


def node(app: Flask) -> Client:
    """A client of another node, which shares nothing with the application but the database."""
    own = app.extensions["lanes"]
    return Client(Lanes(own._application, db.engine, app.extensions["settings"], own.headers))
