"""Certificates: completed campaigns only, no sum of money, results only if their owner says so."""

import pytest
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.errors import Invalid
from campaigns.settlement.partner_certificates import certify, completed
from tests import factories, whole_campaign
from tests.settlement.owed import agency
from tests.whole_campaign import CLOSED_AT, Cast


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign that is over."""
    made = whole_campaign.a_live_campaign(session)
    factories.click(session, participation=made.mina)
    whole_campaign.end(session, made.campaign)
    return made


def test_a_certificate_names_the_campaign_its_brand_and_its_days(session: Session, cast: Cast):
    made = certify(session, cast.mina.influencer, [cast.mina.public_id], False, agency(), CLOSED_AT)
    (one,) = contents_of(made)["campaigns"]
    assert (one["name"], one["brand"], one["results"]) == ("Spring serum", "Amber Skin", None)
    assert (made.kind, made.number, made.influencer_id) == (
        "partner_certificate", "PT-2026-000001", cast.mina.influencer_id,
    )  # fmt: skip


def test_results_are_their_own_counts_and_no_money(session: Session, cast: Cast):
    made = certify(session, cast.mina.influencer, [cast.mina.public_id], True, agency(), CLOSED_AT)
    assert contents_of(made)["campaigns"][0]["results"] == {"clicks": 1, "orders": 1, "contacts": 0}
    assert "minor" not in made.contents


def test_the_same_asked_again_is_the_same_paper(session: Session, cast: Cast):
    first, again, other = (
        certify(session, cast.mina.influencer, [cast.mina.public_id], results, agency(), CLOSED_AT)
        for results in (False, False, True)
    )
    assert first is again and other.number == "PT-2026-000002"


def test_somebody_elses_campaign_is_refused(session: Session, cast: Cast):
    with pytest.raises(Invalid):
        certify(session, cast.mina.influencer, [cast.mina.public_id, cast.noa.public_id], False, agency(), CLOSED_AT)


def test_a_campaign_that_runs_is_not_completed(session: Session):
    cast = whole_campaign.a_live_campaign(session)
    assert completed(session, cast.mina.influencer_id) == []
    with pytest.raises(Invalid):
        certify(session, cast.mina.influencer, [cast.mina.public_id], False, agency(), CLOSED_AT)
