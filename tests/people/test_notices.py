"""The board: every letter to a user hangs there once, is theirs only, and is switched where it may be."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import NotFound
from campaigns.models import Influencer, Mail, Notice, User
from campaigns.people.mail import TEMPLATES, queue_letter
from campaigns.people.notices import PER_PAGE, Ways, board, choose, chosen, mark_all_read, mark_read, unread
from campaigns.people.topics import LETTERS, TOPICS
from tests import factories
from tests.factories import NOW

WALLET = "https://agency.example/me/wallet"


def given(session: Session, recipient: str, link: str = WALLET) -> Mail | None:
    facts = {"name": "Mina", "amount": "15.00 ILS", "reason": "a thank you", "link": link}
    return queue_letter(session, recipient, "en", "credit_given", NOW, **facts)


def mina_signs_in(session: Session) -> tuple[Influencer, User]:
    mina = factories.influencer(session, name="Mina", email="mina@example.com")
    return mina, factories.user(session, influencer=mina)


def letters(session: Session) -> list[str]:
    return list(session.scalars(select(Mail.subject).order_by(Mail.id)))


def test_a_letter_to_a_user_hangs_on_their_board_with_its_subject_and_its_page(session: Session) -> None:
    mina, user = mina_signs_in(session)
    given(session, mina.email)
    [notice], _ = board(session, user)
    assert (notice.subject, notice.path) == ("You have credit: \u206615.00 ILS\u2069", "/me/wallet")
    assert unread(session, user) == 1


def test_a_letter_to_an_address_nobody_signs_in_with_is_a_letter_only(session: Session) -> None:
    assert given(session, "accountant@example.com") is not None
    assert session.scalars(select(Notice)).all() == []


def test_an_address_is_the_users_in_any_case_of_its_letters(session: Session) -> None:
    _, user = mina_signs_in(session)
    given(session, "Mina@Example.com")
    assert unread(session, user) == 1


@pytest.mark.parametrize(
    "link",
    [
        "https://agency.example/set-password/one-time",
        "https://links.example/r/minas-own",
        "https://agency.example/papers/link?paper=signed",
        "javascript:alert(1)",
    ],
)
def test_a_link_that_opens_something_by_itself_stands_on_no_board(link: str, session: Session) -> None:
    mina, user = mina_signs_in(session)
    given(session, mina.email, link)
    assert board(session, user)[0][0].path == "/"


def test_switched_off_by_mail_nothing_is_queued_and_the_board_still_tells(session: Session) -> None:
    mina, user = mina_signs_in(session)
    choose(session, user, {"money": Ways(by_mail=False)}, NOW)
    assert given(session, mina.email) is None
    assert (letters(session), unread(session, user)) == ([], 1)


def test_switched_off_in_the_app_the_letter_still_goes(session: Session) -> None:
    mina, user = mina_signs_in(session)
    choose(session, user, {"money": Ways(in_app=False)}, NOW)
    assert given(session, mina.email) is not None
    assert unread(session, user) == 0


def test_switching_off_stops_what_comes_and_takes_nothing_back(session: Session) -> None:
    mina, user = mina_signs_in(session)
    given(session, mina.email)
    choose(session, user, {"money": Ways(False, False)}, NOW)
    given(session, mina.email)
    assert (len(letters(session)), unread(session, user)) == (1, 1)


def test_a_topic_switched_off_leaves_the_others_on(session: Session) -> None:
    mina, user = mina_signs_in(session)
    choose(session, user, {topic: Ways(False, False) for topic in TOPICS if topic != "money"}, NOW)
    assert given(session, mina.email) is not None


def test_letters_about_a_sign_in_come_whatever_was_chosen(session: Session) -> None:
    mina, user = mina_signs_in(session)
    choose(session, user, {topic: Ways(False, False) for topic in TOPICS}, NOW)
    assert queue_letter(session, mina.email, "en", "password_changed", NOW, agency="The agency") is not None
    with pytest.raises(NotFound):
        choose(session, user, {"security": Ways(False, False)}, NOW)


def test_papers_come_by_mail_whatever_was_chosen(session: Session) -> None:
    mina, user = mina_signs_in(session)
    choose(session, user, {"papers": Ways(False, False)}, NOW)
    facts = {"name": "Mina", "papers": [], "until": "1 Jun 2026", "base_url": "https://agency.example"}
    assert queue_letter(session, mina.email, "en", "papers_ready", NOW, **facts) is not None
    assert unread(session, user) == 0


def test_choosing_again_replaces_what_was_chosen(session: Session) -> None:
    _, user = mina_signs_in(session)
    choose(session, user, {"money": Ways(False, False)}, NOW)
    choose(session, user, {"money": Ways(True, False)}, NOW)
    assert chosen(session, user)["money"] == Ways(True, False)


def test_what_is_read_is_read_once_and_stays_on_the_board(session: Session) -> None:
    mina, user = mina_signs_in(session)
    given(session, mina.email)
    [notice], _ = board(session, user)
    mark_read(session, user, notice.public_id, NOW)
    mark_read(session, user, notice.public_id, NOW + timedelta(days=1))
    assert (unread(session, user), notice.read_at) == (0, NOW)


def test_nobody_reads_another_ones_notices(session: Session) -> None:
    mina, user = mina_signs_in(session)
    eve = factories.user(session, influencer=factories.influencer(session, name="Eve"))
    given(session, mina.email)
    [notice], _ = board(session, user)
    assert board(session, eve) == ([], None)
    with pytest.raises(NotFound):
        mark_read(session, eve, notice.public_id, NOW)


def test_marking_all_as_read_leaves_other_peoples_unread(session: Session) -> None:
    mina, user = mina_signs_in(session)
    other = factories.influencer(session, name="Noa")
    for recipient in (mina.email, mina.email, other.email):
        given(session, recipient)
    assert mark_all_read(session, user, NOW) == 2
    assert unread(session, factories.user(session, influencer=other)) == 1


def test_the_board_goes_on_where_a_page_ended(session: Session) -> None:
    mina, user = mina_signs_in(session)
    for _ in range(PER_PAGE + 2):
        given(session, mina.email)
    first, more = board(session, user)
    second, end = board(session, user, more)
    assert (len(first), len(second), end) == (PER_PAGE, 2, None)


def test_somebody_switched_off_gets_no_notices(session: Session) -> None:
    mina, user = mina_signs_in(session)
    user.active = False
    session.flush()
    given(session, mina.email)
    assert unread(session, user) == 0


def test_every_letter_has_a_topic() -> None:
    assert {path.stem for path in (TEMPLATES / "mail").glob("*.txt")} <= LETTERS.keys()
