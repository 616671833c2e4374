"""Messages and incidents in the browser: each side reads what is meant for it, and staff read first."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Incident, Mail, Talk, TalkMessage, User
from campaigns.planning.talking import talks
from tests import factories
from tests.planning.talking import Stage, asked, passed, stage
from tests.settlement.owed import sell

SECRET = "the cream burns"


@pytest.fixture
def here(session: Session) -> Stage:
    return stage(session)


def as_user(client: FlaskClient, user: User) -> FlaskClient:
    return factories.sign_in(client, user)


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def letters(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    return [(mail.recipient, mail.subject) for mail in session.scalars(select(Mail).order_by(Mail.id))]


def written(session: Session, here: Stage, client: FlaskClient, to: str = "brand") -> Talk:
    """Noa writes from her campaign's page."""
    told = {"to": to, "subject": "A complaint", "message": SECRET}
    url = f"/talks/new?campaign={here.campaign.public_id}"
    answer = factories.submit(as_user(client, here.influencer), url, told)
    assert answer.status_code == 302
    session.expire_all()
    return session.scalars(select(Talk)).one()


def test_a_message_to_the_brand_is_written_of_to_staff_and_not_to_the_brand(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    written(session, here, client)
    assert letters(session)[-1:] == [(here.staff.email, "A message waits to be passed on: A complaint")]
    assert here.brand.email not in [to for to, _ in letters(session)]


def test_staff_pass_it_on_in_other_words_and_the_brand_reads_those(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    talk = written(session, here, client)
    message = session.scalars(select(TalkMessage.public_id)).one()
    as_user(client, here.staff)
    typed = {f"{message}-words": "Please check the recipe", f"{message}-subject": "The recipe"}
    factories.submit(client, f"/talks/{talk.public_id}/messages/{message}/pass", typed)
    assert letters(session)[-1] == (here.brand.email, "A message: The recipe")
    page = factories.visit(as_user(client, here.brand), f"/talks/{talk.public_id}").text
    assert "Please check the recipe" in page and SECRET not in page and "A complaint" not in page
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).all()
    assert actions[0] == "talk.passed_on"


def test_what_was_not_passed_on_is_nowhere_on_the_brands_pages(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    talk = written(session, here, client)
    as_user(client, here.brand)
    pages = [factories.visit(client, url).text for url in ("/talks", "/talks/incidents", "/brand")]
    assert not any(word in page for page in pages for word in (SECRET, "A complaint"))
    assert factories.visit(client, f"/talks/{talk.public_id}").status_code == 404


@pytest.mark.parametrize("who", ["other influencer", "other brand"])
def test_a_talk_is_not_found_by_others(session: Session, client: FlaskClient, here: Stage, who: str) -> None:
    talk, _ = passed(session, here, SECRET)
    other = here.other if who == "other influencer" else factories.user(session, brand=factories.brand(session))
    as_user(client, other)
    assert factories.visit(client, f"/talks/{talk.public_id}").status_code == 404
    answer = factories.submit(client, f"/talks/{talk.public_id}/messages", {"message": "hello"})
    assert answer.status_code == 404 and SECRET not in factories.visit(client, "/talks").text


def test_the_menu_counts_what_is_unread_until_it_is_looked_at(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    talk, _ = passed(session, here)
    as_user(client, here.brand)
    assert "Messages (1)" in factories.visit(client, "/talks").text
    factories.visit(client, f"/talks/{talk.public_id}")
    assert "Messages (1)" not in factories.visit(client, "/talks").text


def test_an_answer_only_for_the_agency_is_not_passed_on(session: Session, client: FlaskClient, here: Stage) -> None:
    talk, _ = passed(session, here)
    as_user(client, here.brand)
    factories.submit(client, f"/talks/{talk.public_id}/messages", {"message": SECRET, "to": "agency"})
    session.expire_all()
    said = session.scalars(select(TalkMessage).order_by(TalkMessage.id.desc())).first()
    assert said is not None and (said.asks_passing, said.for_influencer) == (False, False)


def test_an_empty_answer_comes_back_with_what_was_chosen(session: Session, client: FlaskClient, here: Stage) -> None:
    talk, _ = passed(session, here)
    as_user(client, here.influencer)
    answer = factories.submit(client, f"/talks/{talk.public_id}/messages", {"message": " ", "to": "agency"})
    assert answer.status_code == 422 and re.search(r'checked[^>]*value="agency"', answer.text)


def test_a_refused_pass_keeps_what_was_typed(session: Session, client: FlaskClient, here: Stage) -> None:
    talk, message = asked(session, here)
    as_user(client, here.staff)
    typed = {f"{message.public_id}-words": "kind words", f"{message.public_id}-subject": ""}
    answer = factories.submit(client, f"/talks/{talk.public_id}/messages/{message.public_id}/pass", typed)
    assert answer.status_code == 422 and "kind words" in answer.text


def test_a_message_decided_on_twice_is_refused_on_the_page(session: Session, client: FlaskClient, here: Stage) -> None:
    talk, message = passed(session, here)
    as_user(client, here.staff)
    factories.submit(client, f"/talks/{talk.public_id}/messages/{message.public_id}/keep")
    assert "has decided on this message already" in factories.visit(client, f"/talks/{talk.public_id}").text


def test_staff_open_a_talk_to_both_sides_and_it_is_noted(session: Session, client: FlaskClient, here: Stage) -> None:
    talk, _ = passed(session, here)
    factories.submit(as_user(client, here.staff), f"/talks/{talk.public_id}/mediation", {"unmediated": "yes"})
    as_user(client, here.brand)
    factories.submit(client, f"/talks/{talk.public_id}/messages", {"message": "Tomorrow", "to": "influencer"})
    assert letters(session)[-1] == (here.influencer.email, "A message: Shipping")
    assert "Tomorrow" in factories.visit(as_user(client, here.influencer), f"/talks/{talk.public_id}").text
    noted = session.scalars(select(AuditEntry).filter_by(action="talk.mediation_changed")).one()
    assert noted.details == {"unmediated": True}


def test_a_brand_writes_to_those_who_take_part_only(session: Session, client: FlaskClient, here: Stage) -> None:
    here.tal.status = "declined"
    as_user(client, here.brand)
    page = factories.visit(client, f"/talks/new?campaign={here.campaign.public_id}").text
    assert here.noa.public_id in page and here.tal.public_id not in page
    told = {"to": here.tal.public_id, "subject": "s", "message": "m"}
    answer = factories.submit(client, f"/talks/new?campaign={here.campaign.public_id}", told)
    assert answer.status_code == 422 and session.scalars(select(Talk)).all() == []


def test_staff_write_to_an_influencer_about_no_campaign(session: Session, client: FlaskClient, here: Stage) -> None:
    as_user(client, here.staff)
    person = here.noa.influencer
    told = {"to": "person", "subject": "Your bank details", "message": "Please look at them"}
    factories.submit(client, f"/talks/new?influencer={person.public_id}", told)
    assert letters(session)[-1] == (person.email, "A message: Your bank details")
    assert "Please look at them" in factories.visit(as_user(client, here.influencer), talk_url(session)).text


def talk_url(session: Session) -> str:
    session.expire_all()
    return f"/talks/{session.scalars(select(Talk)).one().public_id}"


def test_feedback_to_everybody_is_answered_in_a_talk_of_ones_own(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    opening = talks.Opening("message", "Well done", "All of you", ["influencer"], here.campaign, everybody=True)
    talk, _ = talks.open_talk(session, here.staff, opening, factories.NOW)
    page = factories.visit(as_user(client, here.influencer), f"/talks/{talk.public_id}").text
    assert "All of you" in page and "Answer, for the agency or the brand only" in page and "/messages" not in page


def test_an_influencer_reports_an_incident_of_an_order_of_hers(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    order = sell(session, here.noa)
    as_user(client, here.influencer)
    told = {"kind": "review", "subject": "Leaks", "message": SECRET, "product": "Serum", "order": order.public_id}
    answer = factories.submit(client, f"/talks/incidents/new?campaign={here.campaign.public_id}", told)
    page = factories.visit(client, answer.headers["Location"]).text
    session.expire_all()
    assert session.scalars(select(Incident)).one().order_id == order.id
    assert "Serum" in page and order.number not in page


def test_the_order_of_another_influencer_is_none_of_hers(session: Session, client: FlaskClient, here: Stage) -> None:
    order = sell(session, here.tal)
    as_user(client, here.influencer)
    told = {"kind": "review", "subject": "Leaks", "message": SECRET, "order": order.public_id}
    answer = factories.submit(client, f"/talks/incidents/new?campaign={here.campaign.public_id}", told)
    assert answer.status_code == 422 and order.public_id not in answer.text


def test_a_brand_names_the_order_by_its_number_or_is_told_that_there_is_none(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    order = sell(session, here.noa)
    as_user(client, here.brand)
    told = {"kind": "product", "subject": "Leaks", "message": SECRET, "number": order.number.removeprefix("#")}
    url = f"/talks/incidents/new?campaign={here.campaign.public_id}"
    assert "no order of that number" in factories.submit(client, url, told | {"number": "777777"}).text
    assert factories.submit(client, url, told).status_code == 302
    session.expire_all()
    assert session.scalars(select(Incident)).one().order_id == order.id


def test_an_incident_is_put_right_in_words_that_both_sides_read(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    told = {"kind": "customer", "subject": "Angry", "message": SECRET, "influencer": here.noa.public_id}
    factories.submit(as_user(client, here.staff), f"/talks/incidents/new?campaign={here.campaign.public_id}", told)
    session.expire_all()
    made = session.scalars(select(Incident)).one()
    factories.submit(as_user(client, here.brand), f"/talks/incidents/{made.public_id}/handle")
    how = {"status": "put_right", "outcome": "We apologised", "compensation": "a bottle", "compensated_by": "shop"}
    factories.submit(as_user(client, here.staff), f"/talks/incidents/{made.public_id}/end", how)
    for user in (here.brand, here.influencer):
        page = text_of(factories.visit(as_user(client, user), f"/talks/{made.talk.public_id}").text)
        assert "We apologised" in page and "a bottle" in page and "Being handled" in page
    assert {to for to, subject in letters(session)[-2:]} == {here.brand.email, here.influencer.email}


def test_an_end_without_words_comes_back_with_what_was_typed(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    told = {"kind": "customer", "subject": "Angry", "message": SECRET}
    factories.submit(as_user(client, here.staff), f"/talks/incidents/new?campaign={here.campaign.public_id}", told)
    session.expire_all()
    made = session.scalars(select(Incident)).one()
    how = {"status": "put_right", "outcome": "", "compensation": "a bottle"}
    answer = factories.submit(client, f"/talks/incidents/{made.public_id}/end", how)
    assert answer.status_code == 422 and "a bottle" in answer.text
    session.expire_all()
    assert session.scalars(select(Incident.status)).one() == "reported"


def test_incidents_are_filtered_by_status_and_brand(session: Session, client: FlaskClient, here: Stage) -> None:
    told = {"kind": "customer", "subject": "Angry buyer", "message": SECRET}
    as_user(client, here.staff)
    factories.submit(client, f"/talks/incidents/new?campaign={here.campaign.public_id}", told)
    other = factories.brand(session)
    urls = ("", "?status=reported", "?status=put_right", f"?brand={other.public_id}")
    found = ["Angry buyer" in factories.visit(client, f"/talks/incidents{url}").text for url in urls]
    assert found == [True, True, False, False]


def test_a_brands_page_counts_how_it_deals_with_people(session: Session, client: FlaskClient, here: Stage) -> None:
    told = {"kind": "customer", "subject": "Angry buyer", "message": SECRET}
    as_user(client, here.staff)
    url = f"/console/brands/{here.campaign.brand.public_id}"
    assert "No incidents, registered customers or leads yet." in factories.visit(client, url).text
    factories.submit(client, f"/talks/incidents/new?campaign={here.campaign.public_id}", told)
    assert "Incidents: Reported 1" in text_of(factories.visit(client, url).text)


def test_who_only_was_invited_asks_the_agency_and_is_not_made_known_to_the_brand(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    asked = factories.participation(session, campaign=factories.campaign(session), accepted=False)
    as_user(client, factories.user(session, influencer=asked.influencer))
    place = asked.campaign.public_id
    page = factories.visit(client, f"/talks/new?campaign={place}").text
    assert 'value="agency"' in page and 'value="brand"' not in page
    told = {"to": "brand", "subject": "s", "message": "m"}
    assert factories.submit(client, f"/talks/new?campaign={place}", told).status_code == 422
    assert factories.visit(client, f"/talks/incidents/new?campaign={place}").status_code == 404


def test_a_note_and_what_was_kept_are_written_of_to_nobody_outside(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    talk, message = asked(session, here, SECRET)
    as_user(client, here.staff)
    factories.submit(client, f"/talks/{talk.public_id}/messages", {"message": "she is difficult"})
    factories.submit(client, f"/talks/{talk.public_id}/messages/{message.public_id}/keep")
    assert letters(session) == [] and session.scalars(select(TalkMessage)).all()[-1].is_read_outside is False


def test_only_staff_pass_on_open_and_close(session: Session, client: FlaskClient, here: Stage) -> None:
    talk, message = passed(session, here)
    deeds = (f"messages/{message.public_id}/pass", f"messages/{message.public_id}/keep", "mediation", "close")
    for user in (here.influencer, here.brand):
        as_user(client, user)
        answers = [factories.submit(client, f"/talks/{talk.public_id}/{deed}").status_code for deed in deeds]
        assert answers == [404] * 4
