"""Settings: read from the environment once, frozen, passed to create_app.

Production is the default and refuses to start without a SECRET_KEY of at least 32 bytes; `CAMPAIGNS_ENV=development`
(set by `make run` and `make demo`) makes a key of its own under DATA_DIR.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

LEAST_KEY_BYTES = 32
PDF_VARIANTS = ("pdf/a-3a", "pdf/a-3b", "pdf/a-3u")  # those that may carry a file


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
    notice_retention_days: int = 180  # of notices that were read; 0: kept for good
    unread_notice_retention_days: int = 365
    agency_withholds: bool = False  # whether income tax is withheld from payees who send invoices or receipts
    self_billing: str = "no"  # whether we write payees' invoices where they agreed: no, yes (abroad), also-il
    payout_needs_papers: bool = False  # whether nobody who owes a paper is paid before it is accepted
    payroll_provider: str = ""  # who issues payslips for us; without one they are issued here
    payroll_provider_number: str = ""
    payout_four_eyes: bool = True  # whether a batch of payments is released by another person than prepared it
    masav_institution: str = ""  # the agency's numbers at Masav; without them there is no such file
    masav_sender: str = ""
    masav_code_a: bool = False  # Hebrew as Latin capitals; else as code page 862
    masav_reversed: bool = True
    masav_last_crlf: bool = True
    sepa_iban: str = ""  # the account that euros are paid from
    sepa_bic: str = ""
    paper_link_days: int = 14  # how long a mailed link opens its paper without a sign-in
    pdf_variant: str = ""  # pdf/a-3u and the like: papers that carry their contents as a file
    pdf_signing_file: str = ""  # the agency's certificate, PKCS#12; papers are signed with it
    pdf_signing_password: str = field(default="", repr=False)
    pdf_timestamp_url: str = ""  # a time-stamp authority (RFC 3161), whose stamp the signature then carries
    private_apis: bool = False  # whether shops' APIs may stand in private networks and speak plain HTTP: to try out

    @property
    def sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")

    @property
    def papers_first(self) -> bool:
        """Whether a paper is accepted before its statement is paid; always where tax is withheld by that step."""
        return self.payout_needs_papers or self.agency_withholds

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

    @property
    def paper_link_key(self) -> bytes:
        """Key under which mailed links to papers are signed."""
        return hmac.new(self.secret_key.encode(), b"paper links", hashlib.sha256).digest()

    @property
    def paper_seal_key(self) -> bytes:
        """Key under which papers' files are sealed."""
        return hmac.new(self.secret_key.encode(), b"paper seals", hashlib.sha256).digest()

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
            notice_retention_days=_number(env, "NOTICE_RETENTION_DAYS", cls.notice_retention_days),
            unread_notice_retention_days=_number(env, "UNREAD_NOTICE_RETENTION_DAYS", cls.unread_notice_retention_days),
            agency_withholds=env.get("AGENCY_WITHHOLDS", "") == "yes",
            self_billing=_self_billing(env.get("SELF_BILLING") or cls.self_billing),
            payout_needs_papers=env.get("PAYOUT_NEEDS_PAPERS", "") == "yes",
            payroll_provider=env.get("PAYROLL_PROVIDER", "").strip(),
            payroll_provider_number=env.get("PAYROLL_PROVIDER_NUMBER", "").strip(),
            payout_four_eyes=env.get("PAYOUT_FOUR_EYES", "") != "no",
            masav_institution=env.get("MASAV_INSTITUTION", ""),
            masav_sender=env.get("MASAV_SENDER", ""),
            masav_code_a=env.get("MASAV_HEBREW", "B").upper() == "A",
            masav_reversed=env.get("MASAV_REVERSED", "") != "no",
            masav_last_crlf=env.get("MASAV_LAST_CRLF", "") != "no",
            sepa_iban=env.get("SEPA_IBAN", "").replace(" ", ""),
            sepa_bic=env.get("SEPA_BIC", ""),
            paper_link_days=_number(env, "PAPER_LINK_DAYS", cls.paper_link_days),
            pdf_variant=_variant(env.get("PDF_VARIANT", "").lower()),
            pdf_signing_file=env.get("PDF_SIGNING_FILE", ""),
            pdf_signing_password=env.get("PDF_SIGNING_PASSWORD", ""),
            pdf_timestamp_url=_authority(env.get("PDF_TIMESTAMP_URL", ""), env.get("PDF_SIGNING_FILE", "")),
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
            "payroll_provider": self.payroll_provider,
            "payroll_provider_number": self.payroll_provider_number,
            "withholds": "yes" if self.agency_withholds else "no",
            "self_billing": self.self_billing,
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


def _self_billing(answer: str) -> str:
    if answer not in ("no", "yes", "also-il"):
        raise SettingsError(f"SELF_BILLING must be no, yes, or also-il, not {answer!r}")
    return answer


def _variant(name: str) -> str:
    if name and name not in PDF_VARIANTS:
        raise SettingsError(f"PDF_VARIANT must be one of {', '.join(PDF_VARIANTS)}, or nothing, not {name!r}")
    return name


def _authority(url: str, certificate: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc):
        raise SettingsError("PDF_TIMESTAMP_URL must be an address that begins with https:// or http://")
    if url and not certificate:
        raise SettingsError("PDF_TIMESTAMP_URL stamps signatures: set PDF_SIGNING_FILE too")
    return url


def _number(env: Mapping[str, str], name: str, usual: int = 0) -> int:
    text = env.get(name, "") or str(usual)
    if not text.isdigit():
        raise SettingsError(f"{name} must be a whole number, not {text!r}")
    return int(text)
