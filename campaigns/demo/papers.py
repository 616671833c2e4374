"""The papers of the closed campaign: waited for, fetched, checked against their hashes, and laid into one folder."""

import hashlib
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from campaigns.demo.over_http import Api
from campaigns.demo.people import CAMPAIGN_CAST

SUFFIXES = {
    "application/pdf": "pdf",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
# kind -> the forms it is made in
FORMS = {
    "final_report": ("csv", "pdf", "xlsx"),
    "brand_bill": ("csv", "pdf", "xlsx"),
    "commission_statement": ("csv", "pdf"),
    "payee_request": ("pdf",),
    "payslip": ("pdf",),
}
WAIT_SECONDS = 40
DEDUCTIONS = ("income_tax", "national_insurance", "health_insurance")


@dataclass(frozen=True)
class Slip:
    """A payslip's figures in shekels; `deducted` in the order of DEDUCTIONS."""

    gross: Decimal
    deducted: tuple[Decimal, ...]
    net: Decimal

    @property
    def adds_up(self) -> bool:
        """Whether net is gross less what was deducted."""
        return self.gross - sum(self.deducted) == self.net


def expected(commissions: Mapping[str, Decimal]) -> dict[str, int]:
    """kind -> how many: report, bill, everyone's statement; a payslip or a request for those who earned something."""
    earning = [person.route for person in CAMPAIGN_CAST if commissions[person.handle] > 0]
    slips = earning.count("payslip")
    return {
        "final_report": 1,
        "brand_bill": 1,
        "commission_statement": len(CAMPAIGN_CAST),
        "payslip": slips,
        "payee_request": len(earning) - slips,
    }


def wait_for(api: Api, campaign_id: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """The files of the papers, once the worker has made as many as there should be or time is up."""
    files = sum(count * len(FORMS[kind]) for kind, count in counts.items())
    end = time.monotonic() + WAIT_SECONDS
    while True:
        listed: list[dict[str, Any]] = api.get(f"/campaigns/{campaign_id}/report")["documents"]
        if len(listed) >= files or time.monotonic() > end:
            return listed
        time.sleep(0.3)


def problems(listed: list[dict[str, Any]], counts: Mapping[str, int]) -> list[str]:
    """What is missing among the files, or too many."""
    wanted = {(kind, form): count for kind, count in counts.items() for form in FORMS[kind]}
    there: dict[tuple[str, str], int] = {}
    for file in listed:
        key = (file["kind"], suffix(file))
        there[key] = there.get(key, 0) + 1
    return [
        f"{kind} as {form}: {there.get((kind, form), 0)} instead of {wanted.get((kind, form), 0)}"
        for kind, form in sorted(wanted.keys() | there.keys())
        if there.get((kind, form), 0) != wanted.get((kind, form), 0)
    ]


def fetch(api: Api, listed: list[dict[str, Any]], handles: Mapping[str, str], folder: Path) -> list[str]:
    """Lay every file into `folder`; the names of those whose bytes don't have the hash the API gives."""
    wrong = []
    for file in listed:
        whose = f"-{handles[file['participant']]}" if file["participant"] else ""
        name = f"{file['kind']}-{file['number']}{whose}.{suffix(file)}"
        body = api.download(f"/documents/{file['id']}")
        (folder / name).write_bytes(body)
        if hashlib.sha256(body).hexdigest() != file["sha256"]:
            wrong.append(name)
    return wrong


def slips(api: Api, listed: list[dict[str, Any]], handles: Mapping[str, str]) -> dict[str, Slip]:
    """handle -> the figures frozen in their payslip."""
    return {
        handles[file["participant"]]: _slip(api.get(f"/documents/{file['id']}"))
        for file in listed
        if file["kind"] == "payslip"
    }


def suffix(file: Mapping[str, Any]) -> str:
    """How the name of a file ends."""
    return SUFFIXES.get(file["media_type"].split(";")[0], "bin")


def emptied(folder: Path) -> Path:
    """The folder, without what an earlier run left there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _slip(contents: Mapping[str, Any]) -> Slip:
    lines = {line["code"]: line["amount_minor"] for line in contents["lines"]}
    return Slip(
        gross=Decimal(contents["gross_minor"]).scaleb(-2),
        deducted=tuple(Decimal(lines[code]).scaleb(-2) for code in DEDUCTIONS),
        net=Decimal(contents["net_minor"]).scaleb(-2),
    )
