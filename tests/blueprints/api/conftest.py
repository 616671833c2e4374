"""The API's tests run at a fixed moment in the middle of a campaign."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from campaigns.models import User
from tests import factories
from tests.blueprints.api.calls import Program


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is the tenth of May 2026, noon in UTC, until a test moves on."""
    with time_machine.travel(factories.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def program(app: Flask) -> Callable[[User | None], Program]:
    """A program with the token of any user."""
    return lambda user: Program(app, user)


@pytest.fixture
def agency(app: Flask, session: Session) -> Program:
    """A program of the agency."""
    return Program(app, factories.user(session))
