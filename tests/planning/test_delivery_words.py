"""Why a delivery was not taken in is said in the reader's language, whoever wrote it down."""

import pytest

from campaigns.errors import Said
from campaigns.i18n import speaking
from campaigns.planning import delivery_words
from campaigns.planning.delivery_words import why
from tests.planning import sentences

FACT = "lines[0].price"
INVISIBLE = str.maketrans("", "", "\u2066\u2068\u2069")


def made(sentence: str) -> str:
    """A sentence as it is kept: each place filled with a fact."""
    return delivery_words._PLACE.sub(FACT, sentence).replace("{}", FACT)


def shown(reason: str, language: str) -> str:
    with speaking(language):
        return why(reason).translate(INVISIBLE)


@pytest.mark.parametrize("language", ["he", "ar", "ru"])
def test_whatever_a_reader_or_a_shops_api_says_is_known_and_said_in_every_language(language: str):
    kept = [made(sentence) for sentence in sentences.raised() | sentences.ignored()]
    assert len(kept) > 85
    assert [reason for reason in kept if shown(reason, language) == reason] == []


def test_in_english_a_reason_reads_as_it_was_kept():
    for sentence in sentences.raised() | sentences.ignored():
        assert shown(made(sentence), "en") == made(sentence)


def test_no_sentence_is_known_that_nobody_says():
    said = {delivery_words._PLACE.sub("{}", each) for each in sentences.raised() | sentences.ignored()}
    ends = {sentence.partition(": ")[2] for sentence in said} | {"not an object", "internal fault ({})"}
    lists = ("NOTHING_FOR_US", "UNREADABLE", "OF_A_FIELD", "WITH_FACTS", "OF_A_SHOPS_API")
    known = {delivery_words._PLACE.sub("{}", each) for name in lists for each in getattr(delivery_words, name)}
    assert known - said - ends == set()


@pytest.mark.parametrize(
    ("reason", "russian"),
    [
        ("line_items[2].price: not an amount in ILS", "line_items[2].price: не сумма в ILS"),
        ("data.refunds: missing", "data.refunds: отсутствует"),
        (": not an object", "не объект"),
        ("internal fault (KeyError)", "внутренняя ошибка (KeyError)"),
        ("API version 2031-01 is not known yet", "версия API 2031-01 ещё не известна"),
        ("status: none of paid, pending", "status: ничто из: paid, pending"),
    ],
)
def test_the_facts_of_a_reason_stay_as_they_are(reason: str, russian: str):
    assert shown(reason, "ru") == russian


@pytest.mark.parametrize("reason", ["", "words of an older release", "lines[0].price: of an older release", "a: "])
def test_what_nobody_knows_is_shown_as_it_is(reason: str):
    assert shown(reason, "ar") == reason


def test_a_sentence_with_its_facts_apart_is_said_by_them():
    assert shown(Said("%(host)s can't be reached", host="a.example"), "ru") != "a.example can't be reached"
    assert "a.example" in shown(Said("%(host)s can't be reached", host="a.example"), "ru")
