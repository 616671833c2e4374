"""Everything said of the lanes is said of both their doors."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.kept import Kept
from campaigns.lanes.door import Door
from campaigns.models import Shop
from tests import factories
from tests.lanes.at_the_door import DoorClient


@pytest.fixture
def shop(session: Session) -> Shop:
    """A Shopify shop."""
    made = factories.shop(session, platform="shopify")
    session.commit()
    return made


@pytest.fixture
def door(app: Flask) -> Iterator[Door]:
    """Production's door, with one thread behind it."""
    made = Door(app, app.extensions["settings"], 1)
    yield made
    made.close()


@pytest.fixture(params=["threads", "door"])
def client(
    request: pytest.FixtureRequest, app: Flask, door: Door, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FlaskClient]:
    """A client of the WSGI application, and one of the door, where everything is made to be at hand."""
    if request.param == "door":
        monkeypatch.setattr(Kept, "at_hand", Kept.get)
    yield DoorClient(app, door) if request.param == "door" else app.test_client()
