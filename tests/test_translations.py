"""Every sentence people read exists in every language, with the same places for facts in it."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from campaigns.errors import Said
from campaigns.i18n import CATALOGUES, LANGUAGES, gettext, said, speaking

ROOT = Path(__file__).parent.parent / "campaigns"
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2), "Said": None, "Conflict": None}
PLACES = re.compile(r"%\((\w+)\)s")
OTHERS = sorted(LANGUAGES.keys() - {"en"})
NO_SENTENCES = {"; ", "sentence"}  # a separator and a key that stand where a sentence could


@cache
def messages() -> frozenset[str | tuple[str, ...]]:
    """What code and templates say, as babel reads it."""
    found = extract_from_dir(
        ROOT,
        method_map=[("**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")],
        options_map={
            "templates/**.html": {"trimmed": "true", "silent": "false"},
            "templates/**.txt": {"silent": "false"},
        },
        keywords=KEYWORDS,
    )
    return frozenset(message for _, _, message, _, _ in found if message and message not in NO_SENTENCES)


def catalogue(language: str) -> dict[str, object]:
    with (CATALOGUES / f"{language}.po").open("rb") as source:
        known = {}
        for message in read_po(source, locale=language):
            if message.id:
                known[message.id if isinstance(message.id, str) else message.id[0]] = message.string
        return known


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated(language: str):
    known = catalogue(language)
    missing = [message for message in messages() if not known.get(message if isinstance(message, str) else message[0])]
    assert len(messages()) > 800
    assert missing == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_keeps_the_places_of_the_facts(language: str):
    wrong = [
        message
        for message, found in catalogue(language).items()
        for form in ([found] if isinstance(found, str) else found)
        if not set(PLACES.findall(form)) <= set(PLACES.findall(message)) | {"n"}
    ]
    assert wrong == []


def test_a_sentence_of_the_domain_is_said_in_the_language_of_the_page():
    sentence = Said("%(count)s accepted; a campaign has %(least)s to %(most)s", count=8, least=10, most=15)
    with speaking("he"):
        assert said(sentence) != sentence and "8" in said(sentence)
        assert gettext("Commission") != "Commission"
    assert sentence == "8 accepted; a campaign has 10 to 15"
