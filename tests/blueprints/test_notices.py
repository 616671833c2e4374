"""The bell, the board and the switches, as pages: one's own, and nobody else's."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.models import User
from campaigns.people.notices import Ways, chosen, put_up, unread
from tests import factories
from tests.factories import NOW, sign_in, submit, visit


def told(session: Session, user: User, path: str = "/me/wallet") -> str:
    link = f"https://agency.example{path}"
    return put_up(session, user, "credit_given", "en", "You have credit", link, NOW).public_id


def mina_signs_in(session: Session) -> User:
    return factories.user(session, influencer=factories.influencer(session, name="Mina"))


def test_the_bell_counts_what_is_not_read(client: FlaskClient, session: Session) -> None:
    mina = mina_signs_in(session)
    sign_in(client, mina)
    assert "Notices, all read" in visit(client, "/me").text
    told(session, mina)
    assert "1 unread notice<" in visit(client, "/me").text


def test_an_empty_board_says_what_will_stand_there(client: FlaskClient, session: Session) -> None:
    sign_in(client, mina_signs_in(session))
    assert "Nothing yet" in visit(client, "/notices").text


def test_opening_a_notice_reads_it_and_leads_to_its_page(client: FlaskClient, session: Session) -> None:
    mina = mina_signs_in(session)
    notice = told(session, mina)
    answer = submit(sign_in(client, mina), f"/notices/{notice}/open")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/wallet")
    assert unread(session, mina) == 0


def test_all_are_marked_as_read_at_once(client: FlaskClient, session: Session) -> None:
    mina = mina_signs_in(session)
    for _ in range(2):
        told(session, mina)
    submit(sign_in(client, mina), "/notices/read")
    assert unread(session, mina) == 0


def test_another_ones_notice_does_not_exist(client: FlaskClient, session: Session) -> None:
    mina, eve = mina_signs_in(session), factories.user(session, influencer=factories.influencer(session, name="Eve"))
    notice = told(session, mina)
    sign_in(client, eve)
    assert "You have credit" not in visit(client, "/notices").text
    assert [submit(client, f"/notices/{notice}/{deed}").status_code for deed in ("open", "read")] == [404, 404]
    assert unread(session, mina) == 1


def test_what_is_ticked_stays_on_and_the_rest_is_off(client: FlaskClient, session: Session) -> None:
    mina = mina_signs_in(session)
    submit(sign_in(client, mina), "/notices/choices", {"on": ["money:mail", "campaign:app", "security:mail"]})
    ways = chosen(session, mina)
    assert (ways["money"], ways["campaign"], ways["papers"]) == (
        Ways(True, False),
        Ways(False, True),
        Ways(False, False),
    )
    assert "security" not in ways


def test_the_switches_show_how_they_stand(client: FlaskClient, session: Session) -> None:
    page = visit(sign_in(client, mina_signs_in(session)), "/notices/choices").text
    assert 'value="money:mail" checked' in page
    assert "alarms:mail" not in page
