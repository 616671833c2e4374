"""Every fixture of every platform is read as it says, and signed by whom it says. A new folder joins by being there."""

import pytest

from campaigns.errors import Forged
from campaigns.tracking.platforms.registry import PLATFORMS
from tests.tracking.platforms.cases import EXPECTED, FOLDER, Case, cases, tale

ALL = cases()
SIGNED = [case for case in ALL if "secret" in case.facts]


def named(case: Case) -> str:
    return f"{case.platform}/{case.name}"


@pytest.mark.parametrize("case", ALL, ids=named)
def test_a_delivery_is_read_as_its_fixture_says(case: Case) -> None:
    found = tale(case)
    assert case.expected and {name: found[name] for name in case.expected} == case.expected


@pytest.mark.parametrize("case", SIGNED, ids=named)
def test_a_fixtures_signature_holds_for_its_own_secret_and_bytes_only(case: Case) -> None:
    verify, secret = PLATFORMS[case.platform].verify, case.facts["secret"]
    verify([secret], case.headers, case.body, case.now)
    for secrets, body in (([secret], case.body + b" "), (["another secret of the shop"], case.body), ([], case.body)):
        with pytest.raises(Forged):
            verify(secrets, case.headers, body, case.now)


def test_every_folder_is_a_platforms_and_every_expectation_has_its_delivery() -> None:
    assert {case.platform for case in ALL} <= PLATFORMS.keys()
    assert {"shopify", "woocommerce", "standard"} <= {case.platform for case in SIGNED}
    expectations = {path.name.removesuffix(EXPECTED) for path in FOLDER.glob(f"*/*{EXPECTED}")}
    assert expectations == {case.name for case in ALL}
