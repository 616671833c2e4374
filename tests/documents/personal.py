"""Frozen contents of answers, yearly papers, orders to a payroll provider and certificates, to add up by hand."""

from typing import Any

from tests.documents.issued import AGENCY, issued

PAYEE = {
    "id": "i1",
    "name": "Mina Levi",
    "id_number": "039337423",
    "address": "7 Herzl St, Haifa",
    "country": "IL",
    "employment_start": "2026-02-03",
}
OFFICE = AGENCY | {"tax_file": "935617915"}


def posting(**changes: Any) -> dict[str, Any]:
    """What a sale of 200.00 earned at 15 %."""
    usual = {
        "posting": 4211,
        "transaction": 1404,
        "kind": "accrual",
        "recorded_at": "2026-05-10T12:00:04Z",
        "campaign": "Summer 2026",
        "influencer": "",
        "reference": "•••42",
        "happened_at": "2026-05-10T12:00:00Z",
        "reason": "coupon",
        "terms_version": 1,
        "base_minor": 20000,
        "rates_bps": [1500],
        "papers": ["CS-2026-000002"],
        "amount_minor": 3000,
    }
    return usual | changes


def stated(**changes: Any) -> dict[str, Any]:
    """The same put on a statement: nothing of a sale, only the paper."""
    nothing: dict[str, Any] = {
        "reason": "",
        "terms_version": None,
        "base_minor": None,
        "rates_bps": [],
        "papers": [],
        "happened_at": "",
    }
    return posting(posting=4890, kind="statement", reference="CS-2026-000002", amount_minor=-3000, **nothing) | changes


def answer(*, language: str = "en", **changes: Any) -> dict[str, Any]:
    """30.00 earned and stated, then due."""
    due = stated(posting=4891, amount_minor=3000)
    return (
        issued("itemised_answer", "IA-2026-000007", language)
        | {
            "as_of": "2026-05-31T20:59:59Z",
            "about": {"kind": "influencer", "id": "i1", "name": "Mina Levi"},
            "reader": {"role": "influencer", "name": "Mina Levi"},
            "books_upto": 1630,
            "summary": [
                {
                    "currency": "ILS",
                    "orders": 1,
                    "sold_minor": 20000,
                    "given_back_minor": 0,
                    "earned_minor": 3000,
                    "stated_minor": 3000,
                    "settled_minor": 0,
                    "withheld_minor": 0,
                    "vat_minor": 540,
                    "paid_minor": 0,
                }
            ],
            "accounts": [
                _account("influencer_due", 3000, [due]),
                _account("influencer_pending", 0, [posting(), stated()]),
            ],
        }
        | changes
    )


def _account(kind: str, balance_minor: int, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {"account": kind, "owner": "Mina Levi", "currency": "ILS", "balance_minor": balance_minor, "lines": lines}


def confirmation(*, language: str = "en", **changes: Any) -> dict[str, Any]:
    """5 % of 8,430.50 withheld in June: 421.53; in July nothing, by a certificate of 0 %."""
    months: list[dict[str, Any]] = [
        {"month": "2026-06", "paid_minor": 952650, "base_minor": 843050, "withheld_minor": 42153},
        {"month": "2026-07", "paid_minor": 118000, "base_minor": 0, "withheld_minor": 0},
    ]
    taken = {
        "on": "2026-06-12",
        "reference": "CS-2026-000002",
        "base_minor": 843050,
        "rate_bps": 500,
        "certificate": "26-778812",
        "withheld_minor": 42153,
    }
    sums = {name: sum(month[name] for month in months) for name in ("paid_minor", "base_minor", "withheld_minor")}
    figures = {"year": 2026, "currencies": [{"currency": "ILS", "months": months, "withheld": [taken], **sums}]}
    return (
        issued("withholding_confirmation", "WC-2026-000003", language)
        | {"agency": OFFICE, "payee": PAYEE, "figures": figures, "corrects": "WC-2026-000001"}
        | changes
    )


def summary(*, language: str = "en", **changes: Any) -> dict[str, Any]:
    """Wages of two months, 8,430.50 and 150.00, and dollars against the threshold of form 1099-NEC."""
    names = {
        "income_tax": {"name": "Income tax", "side": "employee"},
        "national_insurance": {"name": "National insurance", "side": "employee"},
        "health_insurance": {"name": "Health insurance", "side": "employee"},
        "employer_national_insurance": {"name": "National insurance, employer's part", "side": "employer"},
    }
    codes = list(names)
    months: list[dict[str, Any]] = [
        _month(
            "2026-05", 843050, 777867, dict(zip(codes, (23437, 13104, 28642, 40270), strict=True)), "PS-2026-000041"
        ),
        _month("2026-06", 15000, 14359, dict(zip(codes, (0, 156, 485, 677), strict=True)), "PS-2026-000052"),
    ]
    wages = {
        "currency": "ILS",
        "months_worked": 2,
        "names": names,
        "months": months,
        "gross_minor": 858050,
        "net_minor": 792226,
        "totals": {code: sum(month["lines"][code] for month in months) for code in codes},
    }
    threshold = {"threshold_minor": 200000, "row": {"table": "US.1099_nec", "source": "Public Law 119-21"}}
    dollars = {
        "currency": "USD",
        "paid_minor": 250000,
        "months": [{"month": "2026-08", "paid_minor": 250000}],
        "threshold": threshold,
        "reached": True,
    }
    return (
        issued("annual_summary", "AS-2026-000002", language)
        | {
            "agency": OFFICE,
            "payee": PAYEE,
            "figures": {"year": 2026, "wages": [wages], "payments": [dollars]},
            "corrects": None,
        }
        | changes
    )


def _month(month: str, gross_minor: int, net_minor: int, lines: dict[str, int], slip: str) -> dict[str, Any]:
    return {"month": month, "gross_minor": gross_minor, "net_minor": net_minor, "lines": lines, "slips": [slip]}


def payroll_order(*, language: str = "en", **changes: Any) -> dict[str, Any]:
    """One person with form 101 and a coordination certificate, one without."""
    rows = [
        _employee("Mina Levi", "039337423", 843050, "2.25", [{"upto_minor": 300000, "rate_bps": 1000}]),
        _employee("נועה כהן", "000000018", 15000, None, []),
    ]
    return (
        issued("payroll_order", "PO-2026-000001", language)
        | {
            "agency": OFFICE,
            "provider": {"name": "Bestpay Ltd", "legal_name": "", "registration_number": "515151515"},
            "period": "2026-05",
            "period_start": "2026-05-01",
            "period_end": "2026-05-31",
            "rows": rows,
            "total_minor": 858050,
        }
        | changes
    )


def _employee(name: str, number: str, gross_minor: int, points: str | None, steps: list[Any]) -> dict[str, Any]:
    statement = {"number": "CS-2026-000002", "campaign": "Summer 2026", "amount_minor": gross_minor}
    return {
        "influencer": "i1",
        "name": name,
        "id_number": number,
        "id_ending": number[-3:],
        "address": "7 Herzl St, Haifa",
        "employment_start": "2026-02-03",
        "gross_minor": gross_minor,
        "form_101": {
            "given": points is not None,
            "credit_points": points,
            "second_employer": bool(steps),
            "coordination": steps,
        },
        "bank": {"bank": "12", "branch": "345", "account": "4123456"},
        "account_ending": "456",
        "statements": [statement],
    }


def partner_certificate(*, language: str = "en", **changes: Any) -> dict[str, Any]:
    """Two campaigns with what came of them."""
    return (
        issued("partner_certificate", "PT-2026-000001", language)
        | {
            "influencer": {"id": "i1", "name": "Mina Levi", "handle": "@mina"},
            "campaigns": [
                _took_part("Summer 2026", "Glow", 4120, 87),
                _took_part("Spring serum", "Amber Skin", 960, 12),
            ],
            "results_shown": True,
        }
        | changes
    )


def _took_part(name: str, brand: str, clicks: int, orders: int) -> dict[str, Any]:
    return {
        "name": name,
        "brand": brand,
        "starts_at": "2026-04-30T21:00:00Z",
        "ends_at": "2026-05-28T20:59:59Z",
        "timezone": "Asia/Jerusalem",
        "results": {"clicks": clicks, "orders": orders, "contacts": 3},
    }


PERSONAL = {
    "itemised_answer": answer,
    "withholding_confirmation": confirmation,
    "annual_summary": summary,
    "payroll_order": payroll_order,
    "partner_certificate": partner_certificate,
}
