"""The platforms' fixtures: what a shop sends beside what it is to be read as. docs/adding-a-platform.md shows one.

A case is `<platform>/<name>.json`: `headers` and `body` as sent, and where they matter `secret`, `now`, the shop's
`currency` and `timezone`, and `topic` for what is read back from an API. A `body` that is a text is sent as it stands,
any other as compact JSON. Beside it `<name>.expected.json` has what is to be told of it, as far as it says.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from campaigns.errors import Unreadable
from campaigns.tracking.events import Envelope
from campaigns.tracking.platforms.registry import PLATFORMS
from tests.tracking.platforms.telling import told

FOLDER = Path(__file__).parent / "fixtures"
EXPECTED = ".expected.json"


@dataclass(frozen=True)
class Case:
    """One delivery of a made-up shop."""

    platform: str
    name: str
    facts: dict[str, Any]
    expected: dict[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        """As the application hands them on: lower-case names."""
        return {name.lower(): value for name, value in self.facts["headers"].items()}

    @property
    def body(self) -> bytes:
        """The very bytes that are signed."""
        body = self.facts["body"]
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return text.encode()

    @property
    def now(self) -> datetime:
        """When it arrives."""
        return datetime.fromisoformat(self.facts.get("now", "2026-05-01T10:00:00Z"))


def cases() -> list[Case]:
    """Every case of every folder; a new folder is found by itself."""
    files = [path for path in sorted(FOLDER.glob("*/*.json")) if not path.name.endswith(EXPECTED)]
    return [case_of(path.parent.name, path.stem, path.read_text(), expected_file(path).read_text()) for path in files]


def case_of(platform: str, name: str, facts: str, expected: str) -> Case:
    """A case from the texts of its two files."""
    return Case(platform, name, json.loads(facts), json.loads(expected))


def expected_file(path: Path) -> Path:
    """The file beside a case that has what is expected of it."""
    return path.with_name(path.stem + EXPECTED)


def tale(case: Case) -> dict[str, Any]:
    """What the platform makes of the case: of its headers, and of its body."""
    platform = PLATFORMS[case.platform]
    found = platform.envelope(case.headers, case.body)
    topic = case.facts.get("topic", found.topic)
    envelope = Envelope(topic, found.delivery_id, found.version, found.occurred_at or case.now)
    place = case.facts.get("currency", "ILS"), case.facts.get("timezone", "UTC")
    about = {"topic": topic, "version": found.version}
    try:
        return about | told(platform.read(envelope, case.body, *place))
    except Unreadable as refused:
        return about | {"unreadable": str(refused)}
