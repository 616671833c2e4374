"""A file of people: read row by row, held against the roster, and taken in one go or not at all."""

from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Unreadable
from campaigns.i18n import gettext, speaking
from campaigns.models import AuditEntry, FollowerCount, ImportRun, Influencer, User
from campaigns.planning.importing.compared import compare, counted
from campaigns.planning.importing.files import MOST_ROWS, read_people
from campaigns.planning.importing.runs import FORGOTTEN_AFTER, By, Choice, discard, entries_of, preview, take
from campaigns.settlement.exporting.asked import Asked
from campaigns.settlement.exporting.exports import EXPORTS, table_of
from campaigns.sheets.columns import Table
from campaigns.sheets.roster import PERSON
from campaigns.sheets.written import write
from tests import factories
from tests.factories import NOW

BY = By(None, "Success Agency", NOW)
MINA = "Mina,mina@example.com,,,,,instagram,@mina,12000"
HEAD = "Name,Email,Phone,Language,Country,Niches,Network,Handle,Followers"


def csv(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode()


def previewed(session: Session, *rows: str, head: str = HEAD) -> ImportRun:
    return preview(session, "people.csv", csv(*rows, head=head), BY)


def would(session: Session, run: ImportRun) -> dict[str, int]:
    """What taking it would do, without what it wouldn't."""
    return {kind: count for kind, count in counted(compare(session, entries_of(run))).items() if count}


def taken(session: Session, run: ImportRun, change: bool = False, leave: bool = False) -> dict[str, int]:
    shown = counted(compare(session, entries_of(run)))
    return take(session, run, Choice(change, leave, shown), BY)


def wrong(*rows: str, head: str = HEAD) -> list[tuple[int, str, str]]:
    """(row, column, reason) of everything that is wrong with a file."""
    found = [problem for entry in read_people(csv(*rows, head=head)) for problem in entry.problems]
    return [(one.row, one.column, one.sentence) for one in found]


def test_a_new_person_comes_with_everything_the_file_says(session: Session):
    head = f'{HEAD},Styles,Audience: countries,Audience: ages,"Audience: women, %",Away from,Away to'
    row = 'Mina,mina@example.com,052-1234567,Arabic,Israel,"skin care, food",instagram,@mina,"12,000",'
    taken(session, previewed(session, row + "Humour;reviews,IL,18–24,70%,2026-06-01,2026-06-14", head=head))
    mina = session.scalars(select(Influencer)).one()
    assert (mina.name, mina.language, mina.country, mina.niches) == ("Mina", "ar", "IL", ["skin care", "food"])
    assert mina.accounts == [{"network": "instagram", "handle": "@mina", "followers": 12_000}]
    assert (mina.styles, mina.away) == (["reviews", "humour"], [{"from": "2026-06-01", "to": "2026-06-14"}])
    assert mina.audience == {"countries": ["IL"], "ages": ["18-24"], "women_percent": 70}
    assert session.scalars(select(FollowerCount.source)).all() == ["imported"]
    assert session.scalars(select(User)).one().influencer is mina


def test_nobody_is_on_the_roster_before_somebody_says_so(session: Session):
    run = previewed(session, MINA)
    assert would(session, run) == {"new": 1}
    assert session.scalar(select(func.count()).select_from(Influencer)) == 0


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("Mina,mina at home,,,,,,,", "email", "This is not an e-mail address."),
        ("Mina,,,,,,,,", "email", "This is not an e-mail address."),
        ("Mina,m@example.com,12,,,,,,", "phone", "This is not a telephone number."),
        ("Mina,m@example.com,,Klingon,,,,,", "language", "Choose Hebrew, Arabic, Russian or English."),
        ("Mina,m@example.com,,,Atlantis,,,,", "country", "Choose a country, by its two letters."),
        ("Mina,m@example.com,,,,,instagram,,1000", "handle", "This field is required."),
        ("Mina,m@example.com,,,,,instagram,@m,many", "followers", "This must be a whole number in range."),
        (f"{'M' * 201},m@example.com,,,,,,,", "name", "This is too long."),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(row: str, column: str, reason: str):
    assert wrong(MINA, "", row) == [(4, column, reason)]


def test_a_wrong_part_of_an_audience_is_told_by_its_own_column():
    head = "Name,Email,Audience: countries,Audience: ages,Away from,Away to"
    assert wrong("M,m@example.com,IL,12-99,2026-06-02,2026-06-01", head=head) == [
        (2, "away_to", "The last day away is before the first."),
        (2, "audience_ages", "Choose one of the values offered."),
    ]


def test_of_a_thousand_rows_with_forty_wrong_ones_the_others_are_taken_if_asked_for(session: Session):
    rows = [f"P{n},{'nobody' if n % 25 == 0 else f'p{n}@example.com'},,,,,,," for n in range(1000)]
    run = previewed(session, *rows)
    with pytest.raises(Conflict), session.begin_nested():
        taken(session, run)
    session.refresh(run)
    assert (run.status, session.scalar(select(func.count()).select_from(Influencer))) == ("previewed", 0)
    assert taken(session, run, leave=True) == {
        "added": 960, "changed": 0, "left_as_they_are": 0, "same": 0, "left_out": 40
    }  # fmt: skip
    assert session.scalar(select(func.count()).select_from(Influencer)) == 960
    assert [one.row for one in entries_of(run)][:2] == [2, 27] and len(entries_of(run)) == 40


def test_people_who_are_here_are_changed_only_if_asked_for(session: Session):
    mina = factories.influencer(session, name="Mina", email="mina@example.com", followers=9_000)
    row = f"Mina Aziz,MINA@example.com,,,,,Instagram,{mina.accounts[0]['handle']},12000"
    run = previewed(session, row)
    assert would(session, run) == {"changed": 1}
    assert taken(session, run)["left_as_they_are"] == 1 and mina.name == "Mina"
    assert taken(session, previewed(session, row), change=True)["changed"] == 1
    assert (mina.name, mina.followers, len(mina.accounts)) == ("Mina Aziz", 12_000, 1)
    assert session.scalars(select(FollowerCount.followers).order_by(FollowerCount.id)).all() == [9_000, 12_000]


def test_an_empty_cell_leaves_what_is_on_record(session: Session):
    mina = factories.influencer(session, name="Mina", email="mina@example.com", language="ar")
    handle = mina.accounts[0]["handle"]
    run = previewed(session, f",mina@example.com,,,,,instagram,{handle},", f",mina@example.com,,,,,tiktok,{handle},")
    taken(session, run, change=True)
    assert (mina.name, mina.language, mina.followers) == ("Mina", "ar", 12_000)
    assert [one["network"] for one in mina.accounts] == ["instagram", "tiktok"]


def test_somebody_in_the_file_as_they_are_on_record_is_the_same(session: Session):
    mina = factories.influencer(session, name="Mina", email="mina@example.com")
    run = previewed(session, f"Mina,mina@example.com,,he,IL,skin care,instagram,{mina.accounts[0]['handle']},12000")
    assert would(session, run) == {"same": 1}


def test_several_rows_of_a_person_are_one_person_and_must_agree():
    again = "Mina,mina@example.com,,,,,tiktok,@mina,3000"
    (mina,) = read_people(csv(MINA, again, MINA))
    assert [one["network"] for one in mina.sent["accounts"]] == ["instagram", "tiktok"]
    assert wrong(MINA, "Noa,mina@example.com,,,,,,,", MINA.replace("12000", "13000")) == [
        (3, "name", "Row 2 says otherwise of the same person."),
        (4, "followers", "Row 2 says otherwise of the same person."),
    ]


def test_the_address_of_staff_or_of_a_brand_is_nobody_to_bring_in(session: Session):
    factories.brand(session, email="office@example.com")
    run = previewed(session, "Mina,office@example.com,,,,,,,")
    (line,) = compare(session, entries_of(run))
    assert (line.kind, line.problems[0].column) == ("bad", "email")


def test_what_is_taken_is_what_was_shown(session: Session):
    run = previewed(session, MINA)
    shown = counted(compare(session, entries_of(run)))
    factories.influencer(session, name="Mina", email="mina@example.com")
    with pytest.raises(Conflict, match="the roster has changed"), session.begin_nested():
        take(session, run, Choice(True, True, shown), BY)
    session.refresh(run)
    assert run.status == "previewed"


def test_a_file_is_decided_once_and_then_let_go_of(session: Session):
    run = previewed(session, MINA)
    discard(session, run, BY)
    assert (run.status, run.rows) == ("discarded", [])
    with pytest.raises(Conflict):
        taken(session, run)
    assert session.scalars(select(AuditEntry.action)).all() == ["roster.import_discarded"]


def test_a_preview_nobody_decides_is_let_go_of_after_a_month(session: Session):
    run = previewed(session, MINA)
    preview(session, "later.csv", csv(MINA), By(None, "", NOW + FORGOTTEN_AFTER * 2))
    session.refresh(run)
    assert (run.status, run.rows) == ("discarded", [])


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (b"", "the file is empty"),
        (csv(), "there is nobody in the file"),
        (b"%PDF-1.7 something", "this is neither a CSV file nor a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is an old Excel file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "this is neither a CSV file nor a workbook"),
        (b"PK\x03\x04 no workbook", "the file can't be read as a table"),
        (b"Name,Phone\nMina,052", "these columns are missing: Email"),
        (b"Email\n" + b"x" * 5 * 1024 * 1024, "the file is larger than 5 MB"),
        (csv(*["a@example.com"] * (MOST_ROWS + 1), head="Email"), f"the file has more than {MOST_ROWS} rows"),
    ],
)
def test_what_is_no_file_of_people_is_refused_in_words(file: bytes, why: str):
    with pytest.raises(Unreadable, match=why):
        read_people(file)


def test_headings_are_known_in_any_of_our_languages_and_in_any_order():
    with speaking("he"):
        name, email = gettext("Name"), gettext("Email")
    (mina,) = read_people(csv("m@example.com,1,M", head=f"{email},Shoe size,{name}"))
    assert (name, mina.email, mina.sent, mina.problems) == ("שם", "m@example.com", {"name": "M"}, [])


def test_a_workbook_is_read_as_a_csv_is(session: Session):
    table = Table("people", "People", PERSON, [["Mina", "mina@example.com", "", "ar", "IL", "food", "tiktok", "@m", 9]],
                  ZoneInfo("UTC"), NOW)  # fmt: skip
    book, plain = BytesIO(), BytesIO()
    write(table, "xlsx", book, "Success Agency")
    write(table, "csv", plain, "Success Agency")
    (from_book,), (from_plain,) = read_people(book.getvalue()), read_people(plain.getvalue())
    assert (from_book.sent, from_book.problems) == (from_plain.sent, [])
    assert from_book.sent["accounts"] == [{"network": "tiktok", "handle": "@m", "followers": 9}]


def test_our_own_export_of_the_roster_changes_nothing_when_it_is_read_in_again(session: Session):
    campaign = factories.live_campaign(session, accepted=2)
    noa = factories.participants(session, campaign)[0].influencer
    factories.participation(session, campaign=factories.campaign(session), influencer=noa)
    written = BytesIO()
    write(table_of(session, EXPORTS["roster"], Asked("agency", NOW, ZoneInfo("UTC"))), "csv", written, "")
    run = preview(session, "roster.csv", written.getvalue(), BY)
    assert would(session, run) == {"same": 2}
    assert [list(one.cells) for one in entries_of(run)] == [[2, 4], [3]]
