"""The board: each campaign in the column of its status, with who accepted, what it sold and what comes next."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.planning.board import MOST, answers, columns
from tests import factories
from tests.factories import sign_in, user, visit


def test_each_campaign_stands_in_the_column_of_its_status(session: Session) -> None:
    draft, live = factories.campaign(session, name="Autumn"), factories.live_campaign(session, accepted=1)
    found = {column.name: column.campaigns for column in columns(session)}
    assert found == {"planning": [draft], "ready": [], "live": [live], "over": [], "closed": []}


def test_who_accepted_is_counted_of_whom_was_invited(session: Session) -> None:
    campaign = factories.campaign(session)
    for accepted in (True, True, False):
        factories.participation(session, campaign=campaign, accepted=accepted)
    assert answers(session, [campaign]) == {campaign.id: (2, 3)}


def test_a_column_shows_so_many_and_says_that_there_are_more(session: Session) -> None:
    shop = factories.shop(session)
    for _ in range(MOST + 1):
        factories.campaign(session, shop=shop)
    planning = columns(session)[0]
    assert (len(planning.campaigns), planning.more) == (MOST, True)


def test_the_page_tells_sales_and_the_next_step(client: FlaskClient, session: Session) -> None:
    """100.00 sold."""
    factories.campaign(session, name="Autumn")
    live = factories.live_campaign(session, accepted=1)
    factories.order(session, shop=live.shop, code=factories.participants(session, live)[0].codes[0].code)
    page = visit(sign_in(client, user(session)), "/console/board").text
    assert "₪100.00" in page and "The campaign is live." in page
    assert "There is no brief yet." in page


def test_an_empty_board_has_a_word_for_every_column(client: FlaskClient, session: Session) -> None:
    page = visit(sign_in(client, user(session)), "/console/board").text
    assert "No campaign is being planned." in page and "None has been closed yet." in page
