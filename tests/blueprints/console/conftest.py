"""The console's client: Omar of the agency, signed in."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    """A browser signed in as agency staff, in English."""
    return factories.sign_in(client, factories.user(session, email="omar@example.com"))
