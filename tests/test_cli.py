"""The commands an outsider types."""

from flask import Flask
from sqlalchemy.orm import Session

from campaigns.db import begin_writing
from campaigns.models import Delivery, User
from tests.factories import NOW, delivery, order, shop


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
