"""A batch whose connection has gone silent (a server replaced without a word): the writer gives it up and goes on."""

import time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.faults.cable import cable
from tests.faults.caller import DESIGNED, calling
from tests.faults.stage import set_stage

GIVEN_UP = 15


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("kind", ["click", "delivery"])
def test_a_writer_gives_up_a_connection_gone_silent_and_the_next_batch_goes_in(
    session: Session, database_url: str, tmp_path: Path, kind: str
) -> None:
    with cable(database_url) as line, calling(line.url, tmp_path, session, set_stage(session)) as caller:
        assert caller.ask(kind, 0).status_code == DESIGNED[kind]
        line.go_silent()
        end = time.monotonic() + GIVEN_UP
        assert caller.ask(kind, 1, forget=False).status_code == 503
        while (status := caller.ask(kind, 1).status_code) == 503 and time.monotonic() < end:
            pass
        assert status == DESIGNED[kind]
