"""Pages are compressed for their own readers, and for nobody another site may have sent."""

import gzip

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

OURS = {"Accept-Encoding": "gzip, br", "Sec-Fetch-Site": "same-origin"}


def sizes(client: FlaskClient, path: str, **headers: str) -> tuple[str, int, bytes]:
    """The coding of a page, what came over the wire, and what it says."""
    answer = client.get(path, headers=headers)
    assert {"Accept-Encoding", "Sec-Fetch-Site"} <= set(answer.vary)
    coding = answer.headers.get("Content-Encoding", "")
    assert answer.content_length == len(answer.data)
    return coding, len(answer.data), gzip.decompress(answer.data) if coding else answer.data


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_page_asked_for_from_here_or_by_hand_is_compressed(client: FlaskClient, site: str):
    coding, size, page = sizes(client, "/sign-in", **OURS | {"Sec-Fetch-Site": site})
    assert coding == "gzip" and size * 2 < len(page) and b"</html>" in page


@pytest.mark.parametrize("site", ["cross-site", "same-site", ""])
def test_a_page_another_site_asked_for_is_plain(client: FlaskClient, site: str):
    coding, _, page = sizes(client, "/sign-in", **OURS | {"Sec-Fetch-Site": site})
    assert coding == "" and b"</html>" in page


def test_who_reads_no_gzip_gets_none(client: FlaskClient):
    assert sizes(client, "/sign-in", **OURS | {"Accept-Encoding": "br"})[0] == ""


def test_the_same_page_has_many_lengths(client: FlaskClient):
    assert len({sizes(client, "/no-such-page", **OURS)[1] for _ in range(20)}) > 5


def test_what_is_no_page_is_left_as_it_is(session: Session, client: FlaskClient):
    answer = client.get("/healthz", headers=OURS)
    assert "Content-Encoding" not in answer.headers
    assert "Sec-Fetch-Site" not in answer.vary
