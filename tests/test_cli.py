"""The commands an outsider types."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.db import begin_writing
from campaigns.models import ClickDay, Delivery, User
from tests.factories import NOW, click, delivery, live_campaign, order, participants, shop


def run(app: Flask, *arguments: str):
    return app.test_cli_runner().invoke(args=list(arguments))


def test_a_sign_in_of_each_role_has_something_of_its_own(app: Flask, session: Session):
    for role in ("agency", "brand", "influencer"):
        made = run(
            app, "user", "create", "--email", f"{role}@example.com", "--role", role, "--password", "a long sentence 9"
        )
        assert made.exit_code == 0, made.output
    owners = {user.role: (user.brand_id is not None, user.influencer_id is not None) for user in session.query(User)}
    assert owners == {"agency": (False, False), "brand": (True, False), "influencer": (False, True)}


def test_without_a_password_the_way_to_set_one_is_printed(app: Flask):
    made = run(app, "user", "create", "--email", "mina@example.com", "--role", "influencer", "--language", "ar")
    assert "http://localhost/set-password/" in made.output


def test_a_token_stands_alone_on_its_line_and_nobody_unknown_gets_one(app: Flask):
    run(app, "user", "create", "--email", "omar@example.com", "--role", "agency", "--password", "a long sentence 9")
    assert len(run(app, "token", "create", "--email", "OMAR@example.com").output.split()) == 1
    assert run(app, "token", "create", "--email", "eve@example.com").exit_code == 1


def test_books_check_says_so_with_its_status(app: Flask, session: Session):
    sold = order(session, shop=shop(session), net_minor=10000)
    session.commit()
    assert run(app, "books", "check").exit_code == 0
    begin_writing()
    session.refresh(sold)
    sold.net_minor = 1
    session.commit()
    wrong = run(app, "books", "check")
    assert wrong.exit_code == 1 and f"I4 order {sold.public_id}" in wrong.output


def test_deliveries_retry_tells_what_came_of_them(app: Flask, session: Session):
    delivery(session, shop=shop(session), body=b"{", now=NOW)
    session.commit()
    assert run(app, "deliveries", "retry").output.strip() == "1 failed"
    assert session.query(Delivery).one().attempts == 2


def test_deliveries_replay_reads_a_period_again_and_says_how_many(app: Flask, session: Session):
    place = shop(session)
    for now in (NOW - timedelta(days=9), NOW, NOW):
        delivery(session, shop=place, body=b"{", now=now)
    session.commit()
    asked = ("deliveries", "replay", "--shop", place.public_id, "--since", "2026-05-10")
    assert run(app, *asked).output.strip() == "2 of 2 read again, 2 failed"
    assert session.scalars(select(Delivery.attempts).order_by(Delivery.id)).all() == [1, 2, 2]
    assert run(app, *asked, "--until", "2026-05-09").exit_code == 1
    assert run(app, *asked[:3], "nosuch", *asked[4:]).exit_code == 1


def test_clicks_recount_says_what_was_wrong_and_puts_it_right(app: Flask, session: Session):
    person = participants(session, live_campaign(session, accepted=1))[0]
    click(session, participation=person)
    session.execute(update(ClickDay).values(clicks=9))
    session.commit()
    corrected = run(app, "clicks", "recount")
    place = f"campaign {person.campaign.public_id}, participation {person.id}, {NOW.date()}"
    assert corrected.output == f"{place}: 9 counted, 1 there\n1 counts corrected\n"
    session.rollback()
    assert run(app, "clicks", "recount").output == "every count is right\n"
    assert run(app, "books", "check").exit_code == 0
