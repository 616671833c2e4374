"""What all tests of papers share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from campaigns.i18n import speaking


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """English, whatever a test before spoke; papers themselves speak the language of their contents."""
    with speaking("en"):
        yield


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that keeps the static fonts, which take two seconds to cut."""
    return tmp_path_factory.mktemp("fonts")
