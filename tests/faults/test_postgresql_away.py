"""PostgreSQL away: shops and visitors are told 503 and when to come back, nothing is half done, and it heals itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.faults.books import assert_exactly_once
from tests.faults.cable import Cable, cable
from tests.faults.server import Answer, Server, free_port, serving
from tests.faults.stage import Stage, set_stage

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def line(database_url: str) -> Iterator[Cable]:
    with cable(database_url) as line:
        yield line


def deliver(server: Server, stage: Stage, number: int) -> Answer:
    signed = stage.delivery(number)
    return server.request("POST", signed.path, signed.body, signed.headers)


def outcome(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.headers.get("retry-after", "")


def test_while_postgresql_is_away_everything_says_503_and_then_goes_on(
    session: Session, line: Cable, tmp_path: Path
) -> None:
    stage = set_stage(session)
    with serving(line.url, tmp_path) as server:
        assert deliver(server, stage, 1).status == 200
        line.pull()
        assert outcome(deliver(server, stage, 2)) == (503, "5")
        assert outcome(server.request("GET", f"/r/{stage.slugs[0]}")) == (503, "5")
        assert outcome(server.request("GET", "/readyz")) == (503, "5")
        assert outcome(server.request("GET", "/healthz")) == (200, "")
        line.plug_in()
        assert deliver(server, stage, 2).status == 200
        assert server.request("GET", f"/r/{stage.slugs[0]}").status == 302
    assert_exactly_once(session, [1, 2])


def test_a_server_started_without_its_database_is_alive_and_not_ready(session: Session, tmp_path: Path) -> None:
    stage = set_stage(session)
    nowhere = f"postgresql+psycopg://campaigns@127.0.0.1:{free_port()}/campaigns"
    with serving(nowhere, tmp_path, path="/healthz") as server:
        assert outcome(server.request("GET", "/readyz")) == (503, "5")
        assert outcome(deliver(server, stage, 1)) == (503, "5")
        assert outcome(server.request("GET", "/r/nothing")) == (503, "5")
