"""PDFs: nothing from outside, the same bytes each time, one family of fonts."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from campaigns.documents.pdf import pdf
from campaigns.documents.render import KINDS, html
from campaigns.errors import Unreadable
from campaigns.i18n import LANGUAGES
from tests.documents.contents import MAKERS

PROJECT = Path(__file__).parents[2]
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


@pytest.fixture(scope="module")
def fonts(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("fonts")


@pytest.mark.parametrize(
    "address",
    ["file:///etc/hostname", "http://127.0.0.1:1/pixel.gif", "https://shop.example/x.png", "ftp://x.example/x", PIXEL],
)
@pytest.mark.parametrize("element", ['<img src="{}">', '<link rel="stylesheet" href="{}">'])
def test_an_address_that_is_no_asset_stops_the_rendering(address, element, fonts):
    with pytest.raises(Unreadable, match="outside"):
        pdf(f"<!doctype html><body>{element.format(address)}", fonts)


def test_a_relative_address_reaches_no_file_either(fonts):
    with pytest.raises(Unreadable, match="outside"):
        pdf('<!doctype html><img src="../../etc/hostname">', fonts)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_page_gives_the_same_bytes(kind, fonts):
    page = html(kind, MAKERS[kind](language="he"))

    assert pdf(page, fonts) == pdf(page, fonts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_can_be_read_back_from_a_payslip(language, fonts):
    read = PdfReader(BytesIO(pdf(html("payslip", MAKERS["payslip"](language=language)), fonts))).pages[0].extract_text()

    for number in ("8,430.50", "234.37", "7,778.67", "039337423", "516179157", "PS-2026-00041"):
        assert number in read


def test_a_short_payslip_is_one_page(fonts):
    pages = [len(PdfReader(BytesIO(pdf(html("payslip", MAKERS["payslip"](language=language)), fonts))).pages)
             for language in LANGUAGES]  # fmt: skip

    assert pages == [1, 1, 1, 1]


def test_each_weight_is_a_static_font_with_widths_of_its_own(fonts):
    pdf("<!doctype html><link rel=stylesheet href=asset:documents.css><p>a <b>b</b>", fonts)
    regular, bold = (TTFont(path) for path in sorted(fonts.glob("*.ttf")))

    assert "fvar" not in regular and "fvar" not in bold
    assert bold["hmtx"]["A"][0] > regular["hmtx"]["A"][0]


def test_a_process_that_makes_no_pdf_does_not_load_the_renderer():
    asked = "import sys, campaigns.documents.render; print('weasyprint' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", asked], cwd=PROJECT, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "False"
