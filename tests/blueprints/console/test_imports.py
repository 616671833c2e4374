"""Bringing a file of people in, page by page."""

import re
from csv import DictReader
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.models import ImportRun, Influencer
from campaigns.planning.importing.columns import COLUMNS
from campaigns.planning.importing.files import read_people
from campaigns.sheets.reading import read_cells
from tests import factories
from tests.factories import submit, visit

PAGE = "/console/influencers/imports"
HEAD = "Name,Email,Phone"


def upload(staff: FlaskClient, *rows: str, name: str = "people.csv", head: str = HEAD) -> Any:
    file = "\n".join([head, *rows]).encode()
    return submit(staff, PAGE, {"file": (BytesIO(file), name)}, content_type="multipart/form-data")


def press(staff: FlaskClient, address: str, *ticked: str) -> Any:
    """Take what the page offers, with the counts that it shows."""
    page = visit(staff, address).text
    hidden = dict(re.findall(r'type="hidden" name="(new|changed|same|bad)" value="(\d+)"', page))
    return submit(staff, f"{address}/take", hidden | dict.fromkeys(ticked, "yes"), headers={"Referer": address})


def people(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(Influencer)) or 0


def test_a_file_is_shown_before_anybody_is_taken_from_it(staff: FlaskClient, session: Session) -> None:
    factories.influencer(session, name="Mina", email="mina@example.com")
    answer = upload(staff, "Zoe,zoe@example.com,", "Mina Aziz,mina@example.com,", "Noa,noa,12")
    page = visit(staff, answer.location).text
    assert (answer.status_code, people(session)) == (302, 1)
    assert "Take the good ones: 2" in page and "This is not a telephone number." in page
    changed = visit(staff, f"{answer.location}?show=changed").text
    assert "<bdi>Mina</bdi> → <bdi>Mina Aziz</bdi>" in changed


def test_all_are_taken_by_one_press_where_nothing_is_wrong(staff: FlaskClient, session: Session) -> None:
    where = upload(staff, "Zoe,zoe@example.com,", "Noa,noa@example.com,").location
    assert "Take all: 2" in visit(staff, where).text
    press(staff, where)
    assert people(session) == 2
    assert "2 people are added." in visit(staff, where).text


def test_bad_rows_are_left_out_only_where_that_was_pressed(staff: FlaskClient, session: Session) -> None:
    where = upload(staff, "Zoe,zoe@example.com,", "Noa,noa,").location
    press(staff, where)
    assert people(session) == 0
    press(staff, where, "leave_out")
    assert people(session) == 1


def test_records_are_changed_only_where_that_was_ticked(staff: FlaskClient, session: Session) -> None:
    mina = factories.influencer(session, name="Mina", email="mina@example.com")
    press(staff, upload(staff, "Mina Aziz,mina@example.com,").location)
    session.expire_all()
    assert mina.name == "Mina"
    press(staff, upload(staff, "Mina Aziz,mina@example.com,").location, "change_existing")
    session.expire_all()
    assert mina.name == "Mina Aziz"


def test_the_rows_to_mend_come_as_they_were_with_what_is_wrong(staff: FlaskClient, session: Session) -> None:
    where = upload(staff, "Zoe,zoe@example.com,", '"=Noa, the 2nd",noa,12').location
    press(staff, where, "leave_out")
    file = visit(staff, f"{where}/problems.csv")
    (row,) = DictReader(StringIO(file.get_data().decode("utf-8-sig")))
    assert (row["Name"], row["Email"], row["Row in the file"]) == ("'=Noa, the 2nd", "noa", "3")
    assert row["What is wrong"].startswith("Email: This is not an e-mail address.; Phone:")
    (again,) = read_people(file.get_data())
    assert (again.cells[2]["name"], len(again.problems)) == ("=Noa, the 2nd", 2)


def test_who_presses_twice_is_told_that_it_is_done(staff: FlaskClient, session: Session) -> None:
    where = upload(staff, "Zoe,zoe@example.com,").location
    shown = {"new": "1", "changed": "0", "same": "0", "bad": "0"}
    submit(staff, f"{where}/take", shown)
    submit(staff, f"{where}/take", shown, headers={"Referer": where})
    assert people(session) == 1
    assert "this file is already \u2068Taken\u2069" in visit(staff, where).text


def test_nobody_is_taken_from_a_file_that_is_put_aside(staff: FlaskClient, session: Session) -> None:
    where = upload(staff, "Zoe,zoe@example.com,").location
    submit(staff, f"{where}/discard")
    session.expire_all()
    run = session.scalars(select(ImportRun)).one()
    assert (run.status, run.rows, people(session)) == ("discarded", [], 0)
    assert "Nobody was taken" in visit(staff, where).text


def test_a_file_may_be_longer_than_an_everyday_body(staff: FlaskClient, session: Session) -> None:
    staff.application.config["MAX_CONTENT_LENGTH"] = 1_000
    assert upload(staff, *(f"P{n},p{n}@example.com," for n in range(100))).status_code == 302


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"%PDF-1.7", "this is neither a CSV file nor a workbook (.xlsx)"),
        (b"Shoe size\n43\n", "these columns are missing: \u2068Email\u2069"),
    ],
)
def test_another_kind_of_file_is_refused_in_words(staff: FlaskClient, session: Session, file: bytes, why: str) -> None:
    answer = submit(staff, PAGE, {"file": (BytesIO(file), "people.csv")}, content_type="multipart/form-data")
    assert (answer.status_code, why in answer.text) == (422, True)
    assert session.scalar(select(ImportRun)) is None


def test_without_a_file_the_page_asks_for_one(staff: FlaskClient, session: Session) -> None:
    answer = submit(staff, PAGE, {})
    assert (answer.status_code, "Choose a file." in answer.text) == (422, True)
    assert "None yet." in answer.text


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_template_has_every_column_that_is_read(staff: FlaskClient, session: Session, ending: str) -> None:
    file = visit(staff, f"{PAGE}/template.{ending}").get_data()
    heading = next(read_cells(file))
    assert (heading[:2], len(heading)) == (["Name", "Email"], len(COLUMNS))
    assert visit(staff, f"{PAGE}/template.pdf").status_code == 404
