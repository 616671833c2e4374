"""The box in the header finds things by name and number, a few of each kind, in any case of the letters."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.planning.search import LONGEST, MOST, asked_for, found
from tests import factories
from tests.factories import NOW, sign_in, user, visit
from tests.settlement import owed


def kinds(session: Session, words: str) -> dict[str, list[str]]:
    return {group.kind: [hit.title for hit in group.hits] for group in found(session, words)}


@pytest.mark.parametrize("words", ["amber", "AMBER", "ber Sk"])
def test_a_brand_is_found_by_a_piece_of_its_name(session: Session, words: str) -> None:
    factories.brand(session, name="Amber Skin")
    assert kinds(session, words) == {"brands": ["Amber Skin"]}


@pytest.mark.parametrize("words", ["анна", "АННА", "Анна"])
def test_letters_of_other_alphabets_are_found_in_any_case(session: Session, words: str) -> None:
    factories.influencer(session, name="Анна Петрова")
    assert kinds(session, words) == {"influencers": ["Анна Петрова"]}


@pytest.mark.parametrize("words", ["נועה", "noa.levi@", "@noa_l", "NOA_L"])
def test_an_influencer_is_found_by_name_address_and_handle(session: Session, words: str) -> None:
    person = factories.influencer(session, name="נועה לוי", email="noa.levi@example.com")
    person.accounts = [{"network": "instagram", "handle": "@noa_l", "followers": 4000}]
    session.flush()
    assert kinds(session, words) == {"influencers": ["נועה לוי"]}


def test_a_code_is_found_by_its_beginning_and_an_order_by_its_number(session: Session) -> None:
    campaign = factories.live_campaign(session, accepted=1)
    code = factories.participants(session, campaign)[0].codes[0].code
    order = factories.order(session, shop=campaign.shop, code=code, external_id="5501")
    assert kinds(session, code[:-1].lower())["codes"] == [code]
    assert kinds(session, "5501") == kinds(session, "#5501") == {"orders": [order.number]}


def test_a_delivery_is_found_by_its_id(session: Session) -> None:
    delivery = factories.delivery(session, shop=factories.shop(session), now=NOW)
    assert kinds(session, delivery.public_id) == {"deliveries": [delivery.public_id]}


@pytest.mark.parametrize("words", ["RE-2026/17", "re-2026/17", "#RE-2026/17"])
def test_a_paper_of_a_payee_is_found_by_its_number_and_leads_to_where_it_is_handled(
    client: FlaskClient, session: Session, words: str
) -> None:
    mina = owed.mina_at(session)
    owed.sell(session, mina)
    owed.end(session, mina.campaign)
    paper = factories.received_paper(session, influencer=mina.influencer)
    paper.number = "RE-2026/17"
    session.flush()
    assert kinds(session, words)["received"] == ["RE-2026/17"]
    sign_in(client, user(session))
    page = visit(client, "/console/search", query_string={"q": words}).text
    assert f'href="/console/received-papers/{paper.public_id}"' in page and "Mina" in page


def test_signs_of_a_pattern_are_signs_like_others(session: Session) -> None:
    factories.brand(session, name="Amber Skin")
    assert kinds(session, "%%") == kinds(session, "A_ber") == {}


def test_of_a_kind_so_many_are_shown_and_it_says_that_there_are_more(session: Session) -> None:
    for number in range(MOST + 1):
        factories.brand(session, name=f"Amber {number}")
    [group] = found(session, "amber")
    assert (len(group.hits), group.more) == (MOST, True)


def test_what_is_asked_is_cut_to_size() -> None:
    assert asked_for("  a\x00b ") == "ab"
    assert len(asked_for("x" * 5_000)) == LONGEST


def test_the_page_has_an_answer_to_everything(client: FlaskClient, session: Session) -> None:
    factories.brand(session, name="Amber <b>Skin</b>")
    staff = sign_in(client, user(session))
    assert "Amber &lt;b&gt;Skin" in visit(staff, "/console/search?q=amber").text
    assert "Nothing is called or numbered so" in visit(staff, "/console/search?q=cobalt").text
    assert "Type at least two characters" in visit(staff, "/console/search?q=a").text
    assert visit(staff, "/console/search").status_code == 200
