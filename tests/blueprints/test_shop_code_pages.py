"""The pages of codes, of own links and of the share kit: what each role sees and may do there."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Campaign, Participation
from campaigns.planning import own_links
from campaigns.planning.shop_codes.work import work_codes
from tests import factories
from tests.blueprints.test_me import taking_part, text_of
from tests.factories import NOW
from tests.fakes.shop_server import serving_shop
from tests.fakes.woocommerce_codes import WooCommerceCodes
from tests.planning.shop_codes.codes import in_shop, selling
from tests.tracking.asking import asking


@pytest.fixture
def shop() -> Iterator[WooCommerceCodes]:
    with serving_shop(WooCommerceCodes()) as serving:
        yield serving


def by_hand(session: Session, client: FlaskClient) -> tuple[Campaign, Participation]:
    """A campaign whose shop can't be asked, and staff."""
    campaign = factories.live_campaign(session, accepted=1)
    factories.sign_in(client, factories.user(session))
    return campaign, factories.participants(session, campaign)[0]


def act(client: FlaskClient, campaign: Campaign, person: Participation, deed: str, number: int = -1) -> str:
    """What the page says after a button was pressed."""
    url = f"/campaigns/{campaign.public_id}/codes"
    assert factories.submit(client, url, {"code": person.codes[number].code, "deed": deed}).status_code == 303
    return text_of(factories.visit(client, url).text)


def test_a_code_is_ticked_as_created_by_hand_and_noted(session: Session, client: FlaskClient) -> None:
    campaign, mina = by_hand(session, client)
    page = text_of(factories.visit(client, f"/campaigns/{campaign.public_id}/codes").text)
    assert "To be created by hand" in page and "These codes are created by hand" in page
    page = act(client, campaign, mina, "created")
    assert "Noted." in page and "To be created by hand" not in page
    session.expire_all()
    assert (in_shop(session, mina).state, in_shop(session, mina).by_hand) == ("created", True)
    assert session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("shop_code.%"))).all() == [
        "shop_code.created_by_hand"
    ]


def test_a_leaked_code_made_by_hand_is_to_be_ended_by_hand(session: Session, client: FlaskClient) -> None:
    campaign, mina = by_hand(session, client)
    act(client, campaign, mina, "created")
    factories.submit(client, f"/console/participations/{mina.public_id}/replace-code")
    work_codes(session, asking(), factories.END)
    page = text_of(factories.visit(client, f"/campaigns/{campaign.public_id}/codes").text)
    assert "To be ended by hand" in page
    assert "To be ended by hand" not in act(client, campaign, mina, "ended", 0)
    session.expire_all()
    assert in_shop(session, mina, 0).state == "ended"


def test_a_tick_at_the_wrong_time_is_refused_in_words(session: Session, client: FlaskClient) -> None:
    campaign, mina = by_hand(session, client)
    act(client, campaign, mina, "created")
    page = act(client, campaign, mina, "ended")
    assert "that can&#39;t be done now: the code stands as &#34;In the shop&#34;" in page


def test_a_problem_is_told_with_a_way_to_try_again(
    session: Session, client: FlaskClient, shop: WooCommerceCodes
) -> None:
    campaign, mina = selling(session, shop, "woocommerce")
    assert mina.code is not None
    shop.put(mina.code.code, "15", "2026-05-22T18:00:00")
    work_codes(session, asking(), NOW)
    factories.sign_in(client, factories.user(session))
    page = text_of(factories.visit(client, f"/campaigns/{campaign.public_id}/codes").text)
    assert "the shop has this code already, with 15% off instead of 10%" in page and "Not in the shop" in page
    overview = text_of(factories.visit(client, f"/console/campaigns/{campaign.public_id}").text)
    assert "Codes with a problem in the shop: 1" in overview
    assert "The shop is asked within seconds." in act(client, campaign, mina, "again")
    session.expire_all()
    assert (in_shop(session, mina).state, in_shop(session, mina).problem) == ("waiting", {})


def test_missing_orders_are_told_on_the_campaigns_page(
    session: Session, client: FlaskClient, shop: WooCommerceCodes
) -> None:
    campaign, mina = selling(session, shop, "woocommerce")
    in_shop(session, mina).missing_orders = 2
    factories.sign_in(client, factories.user(session))
    page = text_of(factories.visit(client, f"/console/campaigns/{campaign.public_id}").text)
    assert "Orders may be missing: the shop counts 2 more uses of codes than we know orders with them." in page


def test_a_brand_reads_its_codes_and_presses_nothing(session: Session, client: FlaskClient) -> None:
    campaign = factories.live_campaign(session, accepted=1)
    mina = factories.participants(session, campaign)[0]
    factories.sign_in(client, factories.user(session, brand=campaign.brand))
    url = f"/campaigns/{campaign.public_id}/codes"
    answer = factories.visit(client, url)
    assert mina.code is not None and mina.code.code in answer.text and 'name="deed"' not in answer.text
    assert factories.submit(client, url, {"code": mina.code.code, "deed": "created"}).status_code == 404
    lines = factories.visit(client, url + ".csv").text.lstrip("\ufeff").splitlines()
    assert lines[1] == f"{mina.code.code},10,2026-05-01T06:00:00Z,2026-05-22T18:00:00Z,waiting,,0,"


def test_influencers_and_other_brands_find_no_such_page(session: Session, client: FlaskClient) -> None:
    campaign, _ = taking_part(session, client)
    assert factories.visit(client, f"/campaigns/{campaign.public_id}/codes").status_code == 404
    factories.sign_in(client, factories.user(session, brand=factories.brand(session)))
    assert factories.visit(client, f"/campaigns/{campaign.public_id}/codes.csv").status_code == 404


def test_a_link_is_made_on_the_page_and_withdrawn_there(session: Session, client: FlaskClient) -> None:
    _, mina = taking_part(session, client)
    url = f"/me/campaigns/{mina.public_id}/links"
    given = {"page": "https://shop.example.com/cream", "label": "My story"}
    assert factories.submit(client, url, given).status_code == 303
    session.expire_all()
    (made,) = own_links.own_links(mina)
    page = factories.visit(client, url).text
    assert "My story" in page and f"/r/{made.slug}" in page
    assert factories.submit(client, url + "/withdraw", {"slug": made.slug}).status_code == 303
    assert "Withdrawn by you" in factories.visit(client, url).text


def test_a_page_of_another_shop_is_refused_and_what_was_typed_stays(session: Session, client: FlaskClient) -> None:
    _, mina = taking_part(session, client)
    given = {"page": "https://evil.example/x", "label": "My story"}
    answer = factories.submit(client, f"/me/campaigns/{mina.public_id}/links", given)
    assert answer.status_code == 422
    assert "that is no page of the shop shop.example.com" in text_of(answer.text)
    assert 'value="https://evil.example/x"' in answer.text and 'value="My story"' in answer.text


def test_others_find_neither_links_nor_kit(session: Session, client: FlaskClient) -> None:
    _, mina = taking_part(session, client)
    factories.sign_in(client, factories.user(session, influencer=factories.influencer(session)))
    for page in ("links", "share", "qr.png"):
        assert factories.visit(client, f"/me/campaigns/{mina.public_id}/{page}").status_code == 404
    assert factories.visit(client, f"/console/participations/{mina.public_id}/share").status_code == 404


@pytest.mark.parametrize("whose", ["/me/campaigns", "/console/participations"])
def test_the_kit_shows_texts_in_the_influencers_language(session: Session, client: FlaskClient, whose: str) -> None:
    _, mina = taking_part(session, client)
    if whose == "/console/participations":
        factories.sign_in(client, factories.user(session))
    page = factories.visit(client, f"{whose}/{mina.public_id}/share").text
    assert mina.code is not None and mina.code.code in page and "<svg" in page
    assert page.count("#פרסומת") == 4 and 'lang="he" dir="rtl"' in page
    picture = factories.visit(client, f"{whose}/{mina.public_id}/qr.png")
    assert picture.mimetype == "image/png" and picture.data.startswith(b"\x89PNG")


def test_before_the_launch_there_is_nothing_to_share(session: Session, client: FlaskClient) -> None:
    mina = factories.participation(session)
    factories.sign_in(client, factories.user(session, influencer=mina.influencer))
    assert "Nothing to share" in factories.visit(client, f"/me/campaigns/{mina.public_id}/share").text
    assert factories.visit(client, f"/me/campaigns/{mina.public_id}/qr.png").status_code == 404
    assert "Links can be made from the launch" in factories.visit(client, f"/me/campaigns/{mina.public_id}/links").text


def test_a_refused_page_is_refused_in_the_readers_language(session: Session, client: FlaskClient) -> None:
    _, mina = taking_part(session, client)
    factories.sign_in(client, factories.user(session, influencer=mina.influencer, language="he"))
    answer = factories.submit(client, f"/me/campaigns/{mina.public_id}/links", {"page": "https://evil.example/"})
    assert "זה לא עמוד של החנות" in answer.text and "that is no page" not in answer.text


def test_where_the_access_may_only_read_a_code_is_ticked_as_created_by_hand(
    session: Session, client: FlaskClient, shop: WooCommerceCodes
) -> None:
    campaign, mina = selling(session, shop, "woocommerce")
    shop.may_write = False
    work_codes(session, asking(), NOW)
    factories.sign_in(client, factories.user(session))
    page = factories.visit(client, f"/campaigns/{campaign.public_id}/codes").text
    assert "I created it by hand" in page and "they may not write discounts" in page
    act(client, campaign, mina, "created")
    session.expire_all()
    assert (in_shop(session, mina).state, in_shop(session, mina).by_hand) == ("created", True)


def test_a_link_of_somebody_else_is_not_withdrawn(session: Session, client: FlaskClient) -> None:
    campaign, mina = taking_part(session, client)
    noa = factories.participants(session, campaign)[1]
    theirs = own_links.make_link(session, noa, "/cream", "Noa's", NOW)
    factories.submit(client, f"/me/campaigns/{mina.public_id}/links/withdraw", {"slug": theirs.slug})
    session.expire_all()
    assert theirs.withdrawn_at is None


def test_all_that_are_to_be_created_are_ticked_by_one_button(session: Session, client: FlaskClient) -> None:
    campaign = factories.live_campaign(session, accepted=3)
    factories.sign_in(client, factories.user(session))
    first, *others = factories.participants(session, campaign)
    page = act(client, campaign, first, "created")
    assert "I created all of them by hand" in page
    page = act(client, campaign, first, "all_created")
    assert "To be created by hand" not in page and "I created all of them by hand" not in page
    session.expire_all()
    assert all(in_shop(session, one).by_hand for one in others)
    assert len(session.scalars(select(AuditEntry).filter_by(action="shop_code.created_by_hand")).all()) == 3
