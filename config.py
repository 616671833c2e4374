"""Settings: read from the environment once, frozen, passed to create_app.

Production is the default and refuses to start without a SECRET_KEY of at least 32 bytes; `CAMPAIGNS_ENV=development`
(set by `make run` and `make demo`) makes a key of its own under DATA_DIR.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LEAST_KEY_BYTES = 32


class SettingsError(RuntimeError):
    """Raised when the environment can't be run with; the message says what to set."""


@dataclass(frozen=True)
class Settings:
    """Everything the outside decides. Sizes are bytes, times seconds."""

    secret_key: str
    database_url: str
    data_dir: Path
    public_url: str
    production: bool = True
    metrics_token: str = ""
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0  # reverse proxies in front that set X-Forwarded-*
    smtp_url: str = ""  # smtp://user:password@host:587; without it mail is written to DATA_DIR/mail
    mail_from: str = "campaigns@localhost"
    agency_name: str = "Campaign agency"
    agency_legal_name: str = ""
    agency_registration_number: str = ""
    agency_tax_file: str = ""
    agency_address: str = ""
    agency_email: str = ""
    agency_vat: str = "IL"  # whose VAT the agency charges on its fee; "none": an exempt dealer
    agency_share_limit_bps: int = 500  # of a sale; above it everyone concerned is told
    web_workers: int = 0  # 0: one on SQLite, two on PostgreSQL
    web_threads: int = 0  # 0: 32 on SQLite, 16 on PostgreSQL
    largest_body: int = 2 * 1024 * 1024
    click_retention_days: int = 400  # of clicks of campaigns that are over; 0: kept for good
    body_retention_days: int = 180  # of deliveries' bodies, from their campaign's closing on; 0: kept for good
    payout_four_eyes: bool = True  # whether a batch of payments is released by another person than prepared it
    masav_institution: str = ""  # the agency's numbers at Masav; without them there is no such file
    masav_sender: str = ""
    masav_code_a: bool = False  # Hebrew as Latin capitals; else as code page 862
    masav_reversed: bool = True
    masav_last_crlf: bool = True
    sepa_iban: str = ""  # the account that euros are paid from
    sepa_bic: str = ""
    private_apis: bool = False  # whether shops' APIs may stand in private networks and speak plain HTTP: to try out

    @property
    def sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")

    @property
    def https(self) -> bool:
        """Whether people reach us over TLS: cookies are then Secure and HSTS is sent."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """Host names this server answers to."""
        return [urlsplit(self.public_url).hostname or "localhost", "localhost", "127.0.0.1", *self.trusted_hosts]

    @property
    def identity_key(self) -> bytes:
        """Key of the hashes that stand for people (buyers' mail addresses, visitors' IP addresses)."""
        return hmac.new(self.secret_key.encode(), b"identity", hashlib.sha256).digest()

    @property
    def sealing_key(self) -> bytes:
        """Key under which shops' API credentials lie in the database."""
        return hmac.new(self.secret_key.encode(), b"sealing", hashlib.sha256).digest()

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Settings of this process; raises SettingsError naming the variable that is missing or too short."""
        production = env.get("CAMPAIGNS_ENV", "production") != "development"
        data_dir = Path(env.get("DATA_DIR", "var")).resolve()
        return cls(
            secret_key=_secret_key(env, production, data_dir),
            database_url=_database_url(env.get("DATABASE_URL") or f"sqlite:///{data_dir}/campaigns.db"),
            data_dir=data_dir,
            public_url=env.get("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
            production=production,
            metrics_token=env.get("METRICS_TOKEN", ""),
            trusted_hosts=tuple(filter(None, env.get("TRUSTED_HOSTS", "").split(","))),
            proxy_hops=_number(env, "PROXY_HOPS"),
            smtp_url=env.get("SMTP_URL", ""),
            mail_from=env.get("MAIL_FROM", cls.mail_from),
            agency_name=env.get("AGENCY_NAME", cls.agency_name),
            agency_legal_name=env.get("AGENCY_LEGAL_NAME", env.get("AGENCY_NAME", cls.agency_name)),
            agency_registration_number=env.get("AGENCY_REGISTRATION_NUMBER", ""),
            agency_tax_file=env.get("AGENCY_TAX_FILE", ""),
            agency_address=env.get("AGENCY_ADDRESS", ""),
            agency_email=env.get("AGENCY_EMAIL", env.get("MAIL_FROM", cls.mail_from)),
            agency_vat=_vat(env.get("AGENCY_VAT") or cls.agency_vat),
            agency_share_limit_bps=_number(env, "AGENCY_SHARE_LIMIT_BPS", cls.agency_share_limit_bps),
            web_workers=_number(env, "WEB_WORKERS"),
            web_threads=_number(env, "WEB_THREADS"),
            click_retention_days=_number(env, "CLICK_RETENTION_DAYS", cls.click_retention_days),
            body_retention_days=_number(env, "BODY_RETENTION_DAYS", cls.body_retention_days),
            payout_four_eyes=env.get("PAYOUT_FOUR_EYES", "") != "no",
            masav_institution=env.get("MASAV_INSTITUTION", ""),
            masav_sender=env.get("MASAV_SENDER", ""),
            masav_code_a=env.get("MASAV_HEBREW", "B").upper() == "A",
            masav_reversed=env.get("MASAV_REVERSED", "") != "no",
            masav_last_crlf=env.get("MASAV_LAST_CRLF", "") != "no",
            sepa_iban=env.get("SEPA_IBAN", "").replace(" ", ""),
            sepa_bic=env.get("SEPA_BIC", ""),
            private_apis=env.get("PRIVATE_APIS", "") == "yes",
        )

    def agency(self) -> dict[str, str]:
        """The agency as papers name it."""
        return {
            "name": self.agency_name,
            "legal_name": self.agency_legal_name or self.agency_name,
            "registration_number": self.agency_registration_number,
            "tax_file": self.agency_tax_file,
            "address": self.agency_address,
            "email": self.agency_email or self.mail_from,
            "site": self.public_url,
            "vat": self.agency_vat,
        }


def _secret_key(env: Mapping[str, str], production: bool, data_dir: Path) -> str:
    key = env.get("SECRET_KEY", "")
    if not key and not production:
        return _kept_key(data_dir / "secret_key")
    if len(key.encode()) < LEAST_KEY_BYTES:
        raise SettingsError(
            f"SECRET_KEY must be set to at least {LEAST_KEY_BYTES} bytes of random text "
            '(python3 -c "import secrets; print(secrets.token_urlsafe(48))"), and kept: sessions and hashes need it.'
        )
    return key


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _database_url(url: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("DATABASE_URL must start with sqlite:/// or postgresql://")
    return url


def _vat(country: str) -> str:
    if country not in ("IL", "none"):
        raise SettingsError(f"AGENCY_VAT must be IL, or none for an exempt dealer, not {country!r}")
    return country


def _number(env: Mapping[str, str], name: str, usual: int = 0) -> int:
    text = env.get(name, "") or str(usual)
    if not text.isdigit():
        raise SettingsError(f"{name} must be a whole number, not {text!r}")
    return int(text)
