"""Every test here finds the data of the first start: made once for a file, and copied for each of its tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import TEMPLATE, copied
from tests.furnished import furnish


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def furnished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What is copied: the path of a file, or the name of a database."""
    home = tmp_path_factory.mktemp("furnished")
    empty = request.getfixturevalue(f"{request.param}_template")
    with copied(request, str(empty) if request.param == "sqlite" else TEMPLATE, home) as url:
        furnish(url, home)
        yield url.removeprefix("sqlite:///") if request.param == "sqlite" else url.rpartition("/")[2]


@pytest.fixture
def database_url(request: pytest.FixtureRequest, furnished: str, tmp_path: Path) -> Iterator[str]:
    """A database of each kind in which somebody has been at work."""
    with copied(request, furnished, tmp_path) as url:
        yield url
