"""What all tests of papers share."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that keeps the static fonts, which take two seconds to cut."""
    return tmp_path_factory.mktemp("fonts")
