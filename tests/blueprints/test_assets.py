"""What browsers keep: one style sheet and one script, compressed, under addresses that change with their contents."""

import gzip
import re

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from campaigns import fonts
from campaigns.blueprints import assets
from tests.factories import visit

YEAR = "max-age=31536000"


def address(app: Flask, name: str) -> str:
    """Where pages say that a file is."""
    with app.test_request_context():
        return assets.asset(name)


@pytest.mark.parametrize(("coding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_each_coding_unpacks_to_the_same_sheet(client: FlaskClient, coding: str, unpack: object) -> None:
    plain = visit(client, "/static/style.css")
    packed = visit(client, "/static/style.css", headers={"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding and "Accept-Encoding" in packed.headers["Vary"]
    assert unpack(packed.data) == plain.data  # type: ignore[operator]
    assert len(packed.data) * 3 < len(plain.data)


def test_an_address_with_the_right_hash_is_kept_for_a_year_and_another_is_not(app: Flask, client: FlaskClient) -> None:
    kept = visit(client, address(app, "page.js")).headers["Cache-Control"]
    assert YEAR in kept and "immutable" in kept
    assert YEAR not in visit(client, "/static/page.js?v=old").headers["Cache-Control"]


def test_who_has_it_already_gets_304(client: FlaskClient) -> None:
    tag = visit(client, "/static/icon.svg").headers["ETag"]
    assert visit(client, "/static/icon.svg", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("path", ["/static/nothing.css", "/static/../config.py", "/static/style/light.css"])
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    assert visit(client, path).status_code == 404


def test_pages_themselves_are_not_compressed(client: FlaskClient) -> None:
    assert "Content-Encoding" not in visit(client, "/sign-in", headers={"Accept-Encoding": "gzip, br"}).headers


def test_every_sheet_of_the_folder_is_in_the_one_sheet() -> None:
    assert {path.stem for path in (assets.FOLDER / "style").glob("*.css")} == set(assets.SUBJECTS)


def test_dark_stands_under_the_system_and_under_the_choice_and_never_on_paper() -> None:
    sheet = assets.style_sheet()
    assert sheet.count("color-scheme: dark;") == 2
    assert "@media screen and (prefers-color-scheme: dark) {\n:root:not([data-theme=light])" in sheet
    assert "@media screen {\n:root[data-theme=dark]" in sheet


def test_every_font_a_page_asks_for_is_in_the_sheet_and_comes(client: FlaskClient) -> None:
    named = re.findall(r'url\("([^"]+)"\)', assets.style_sheet())
    assert len(named) == len(fonts.CUTS)
    for path in named:
        answer = visit(client, path, buffered=True)
        assert answer.data[:4] == b"wOF2" and answer.headers["Content-Type"] == "font/woff2"
        assert YEAR in answer.headers["Cache-Control"]
