"""What all tests of sheets share."""

from collections.abc import Iterator

import pytest

from campaigns.i18n import speaking


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Headings in English, whatever a test before spoke."""
    with speaking("en"):
        yield
