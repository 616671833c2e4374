"""What every paper's contents begin with: its issuer, its campaign, its number."""

from typing import Any

AGENCY = {
    "name": "Success Agency",
    "legal_name": "Success Marketing Ltd",
    "registration_number": "516179157",
    "address": "12 Herzl St, Tel Aviv",
    "email": "office@agency.example",
}
CAMPAIGN = {
    "id": "c1",
    "name": "Summer 2026",
    "starts_at": "2026-04-30T21:00:00Z",
    "ends_at": "2026-05-28T20:59:59Z",
    "timezone": "Asia/Jerusalem",
    "shop": "glow.example",
    "landing_url": "https://glow.example/summer",
}


def issued(kind: str, number: str, language: str) -> dict[str, Any]:
    """The beginning of a paper of one kind."""
    return {
        "kind": kind,
        "number": number,
        "issued_at": "2026-06-15T09:30:00Z",
        "language": language,
        "currency": "ILS",
        "timezone": "Asia/Jerusalem",
        "agency": AGENCY,
        "campaign": CAMPAIGN,
    }
