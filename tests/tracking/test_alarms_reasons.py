"""The reason of an alarm is kept so that a page can say it in any language."""

import json

import pytest

from campaigns.addresses import Unreachable
from campaigns.errors import DomainError, Said
from campaigns.i18n import said, speaking
from campaigns.tracking.alarms import reason_in, reason_of


def test_a_reason_is_said_in_the_language_of_whoever_reads_it() -> None:
    kept = json.loads(json.dumps(reason_of(Unreachable(Said("%(host)s did not answer in time", host="a.example")))))
    assert kept["reason"] == reason_in(kept) == "a.example did not answer in time"
    with speaking("ru"):
        assert "не ответил вовремя" in said(reason_in(kept))


@pytest.mark.parametrize("sentence", ["plain words", ""])
def test_plain_words_stay_as_they_are(sentence: str) -> None:
    assert reason_in(reason_of(DomainError(sentence))) == sentence
