"""The GETs by which platforms try an address: answered for the shop they are meant for, and for nobody else."""

import hashlib
import hmac

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import shop, visit

SECRET = "0123456789abcdef" * 4


def test_adobes_challenge_is_answered_with_its_own_text(client: FlaskClient, session: Session) -> None:
    place = shop(session, platform="adobe-commerce", secret="client")
    answer = visit(client, f"/webhooks/adobe-commerce/{place.public_id}?challenge=8ec8-d794")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "8ec8-d794", "text/plain")


def test_shopware_is_proved_that_we_know_the_secret(client: FlaskClient, session: Session) -> None:
    place = shop(session, platform="shopware", secret=SECRET)
    query = "shop-id=7&shop-url=https://shop.example&timestamp=1"
    signed = hmac.new(SECRET.encode(), query.encode(), hashlib.sha256).hexdigest()
    address = f"/webhooks/shopware/{place.public_id}"
    answer = visit(client, f"{address}?{query}", headers={"shopware-app-signature": signed})
    proof = hmac.new(SECRET.encode(), b"7https://shop.exampleCampaignOrders", hashlib.sha256).hexdigest()
    assert answer.get_json() == {"proof": proof, "secret": SECRET, "confirmation_url": f"http://localhost{address}"}


def test_an_unsigned_registration_is_told_nothing(client: FlaskClient, session: Session) -> None:
    place = shop(session, platform="shopware", secret=SECRET)
    answer = visit(client, f"/webhooks/shopware/{place.public_id}?shop-id=7&shop-url=https://shop.example")
    assert answer.status_code == 401 and SECRET not in answer.text


def test_a_platform_without_such_a_question_has_no_such_page(client: FlaskClient, session: Session) -> None:
    place = shop(session, platform="shopify")
    assert visit(client, f"/webhooks/shopify/{place.public_id}?challenge=x").status_code == 404
    assert visit(client, f"/webhooks/adobe-commerce/{place.public_id}?challenge=x").status_code == 404
