"""Vetting: the newest review counts, recent ones of the brand are carried over, and refusals are told by field."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from campaigns.errors import Invalid
from campaigns.planning.launching import vetting
from campaigns.planning.launching.vetting import Seen
from tests import factories as make


def test_the_newest_review_of_a_subject_is_its_verdict(session: Session) -> None:
    campaign = make.campaign(session)
    make.vetted(session, campaign=campaign, verdict="unfit")
    make.vetted(session, campaign=campaign, verdict="fit")
    assert vetting.verdicts(session, campaign, make.NOW)["business"].review.verdict == "fit"


def test_a_recent_review_of_the_brand_counts_for_its_next_campaign_and_says_so(session: Session) -> None:
    winter = make.campaign(session, name="Winter")
    spring = make.campaign(session, shop=winter.shop)
    make.vetted(session, campaign=winter)
    found = vetting.verdicts(session, spring, make.NOW)["business"]
    assert (found.carried, found.review.campaign.name) == (True, "Winter")


def test_an_old_review_is_not_carried_over(session: Session) -> None:
    winter = make.campaign(session)
    spring = make.campaign(session, shop=winter.shop)
    make.vetted(session, campaign=winter)
    assert vetting.verdicts(session, spring, make.BEFORE + timedelta(days=366)) == {}


def test_another_brands_review_says_nothing_here(session: Session) -> None:
    make.vetted(session, campaign=make.campaign(session))
    other = make.campaign(session, shop=make.shop(session, domain="other.example.com"))
    assert vetting.verdicts(session, other, make.NOW) == {}


@pytest.mark.parametrize(("product", "subjects"), [("Serum", {"product"}), ("Cream", set()), ("", set())])
def test_a_product_is_carried_over_only_as_the_same_one(session: Session, product: str, subjects: set[str]) -> None:
    winter = make.campaign(session, product="serum")
    spring = make.campaign(session, shop=winter.shop, product=product)
    make.vetted(session, campaign=winter, subject="product")
    assert set(vetting.verdicts(session, spring, make.NOW)) == subjects


@pytest.mark.parametrize(
    ("seen", "field"),
    [
        (Seen("weather", "survey", "fit"), "subject"),
        (Seen("product", "dream", "fit"), "source"),
        (Seen("product", "survey", "splendid"), "verdict"),
        (Seen("product", "survey", "unfit"), "note"),
        (Seen("product", "survey", "fit", link="javascript:alert(1)"), "link"),
        (Seen("product", "survey", "fit", good_ratings=3), "bad_ratings"),
        (Seen("product", "survey", "fit", good_ratings=-1, bad_ratings=0), "good_ratings"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(session: Session, seen: Seen, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        vetting.review(session, make.campaign(session), seen, None, make.NOW)
    assert list(refused.value.errors) == [field]
