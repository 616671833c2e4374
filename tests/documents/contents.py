"""Frozen contents for the tests of papers: valid by default, changed by keyword, small enough to add up by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

from campaigns.deductions.engine import work_out
from campaigns.deductions.facts import Facts
from campaigns.deductions.schemes import scheme
from campaigns.deductions.tables import shipped
from tests.documents.issued import AGENCY
from tests.documents.issued import issued as _issued
from tests.documents.personal import PERSONAL

PAYEE = {
    "id": "i1",
    "name": "Mina Levi",
    "id_number": "039337423",
    "address": "7 Bialik St, Haifa",
    "country": "IL",
    "standing": "licensed",
}


def row(*, name: str = "Mina", sales_minor: int = 100000, **changes: Any) -> dict[str, Any]:
    """One influencer of a report: 10 % to her, 5 % to the agency, nothing refunded."""
    usual = {
        "participant": "p1",
        "influencer": "i1",
        "name": name,
        "handle": "@mina",
        "coupon_code": "MINA10",
        "link": "https://go.example/r/mina",
        "influencer_rate_bps": 1000,
        "agency_rate_bps": 500,
        "clicks": 40,
        "orders": 4,
        "sales_minor": sales_minor,
        "refunded_minor": 0,
        "commission_minor": sales_minor // 10,
        "agency_fee_minor": sales_minor // 20,
        "brand_charge_minor": sales_minor // 10 + sales_minor // 20,
    }
    return usual | changes


def report(*, language: str = "en", rows: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """A final report of two influencers, the second without a sale."""
    rows = rows or [row(), row(name="Lea", participant="p2", sales_minor=0, orders=0, coupon_code="LEA10")]
    summed = ("clicks", "orders", "sales_minor", "refunded_minor", "commission_minor", "agency_fee_minor")
    return (
        _issued("final_report", "FR-2026-00012", language)
        | {
            "brand": {"name": "Glow", "legal_name": "Glow Cosmetics Ltd", "registration_number": "514000009"},
            "terms": {
                "influencer_rate_bps": 1000,
                "agency_rate_bps": 500,
                "base": "net",
                "attribution": {"precedence": "coupon", "link_window_days": 30},
                "return_window_days": 14,
            },
            "totals": {name: sum(entry[name] for entry in rows) for name in (*summed, "brand_charge_minor")},
            "rows": rows,
            "uncredited": [{"reason": "none", "orders": 3}],
            "override_reason": None,
            "findings": [],
            "ledger_upto": 812,
        }
        | changes
    )


def line(**changes: Any) -> dict[str, Any]:
    """A sale of 129.90 at 12.5 %, placed at half past one in the night of 2 May in Jerusalem."""
    usual = {
        "kind": "order",
        "campaign": "Summer 2026",
        "order_number": "#10428-A",
        "placed_at": "2026-05-01T22:30:00Z",
        "reason": "coupon",
        "net_minor": 12990,
        "refunded_minor": 0,
        "rate_bps": 1250,
        "commission_minor": 1624,
    }
    return usual | changes


def late_refund(**changes: Any) -> dict[str, Any]:
    """A refund of 200.00 from a campaign closed before, at 12 %."""
    refunded = {"net_minor": 0, "refunded_minor": 20000, "rate_bps": 1200, "commission_minor": -2400}
    return line(kind="adjustment", campaign="Spring 2026", order_number="#9077", **refunded) | changes


def statement(*, language: str = "en", lines: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """A commission statement of one sale."""
    lines = [line()] if lines is None else lines
    sales = [entry for entry in lines if entry["kind"] == "order"]
    adjustments_minor = sum(entry["commission_minor"] for entry in lines if entry["kind"] == "adjustment")
    commission_minor = sum(entry["commission_minor"] for entry in sales)
    return (
        _issued("commission_statement", "CS-2026-00077", language)
        | {
            "influencer": {"id": "i1", "name": "Mina Levi", "id_number": "039337423", "route": "invoice"},
            "coupon_code": "MINA10",
            "link": "https://go.example/r/mina",
            "influencer_rate_bps": 1250,
            "base": "net",
            "lines": lines,
            "totals": {
                "orders": len(sales),
                "sales_minor": sum(entry["net_minor"] for entry in sales),
                "refunded_minor": sum(entry["refunded_minor"] for entry in sales),
                "commission_minor": commission_minor,
            },
            "adjustments_minor": adjustments_minor,
            "due_minor": commission_minor + adjustments_minor,
            "document_wanted": "invoice",
        }
        | changes
    )


def payslip(*, language: str = "en", credit_points: str | None = "2.75", **changes: Any) -> dict[str, Any]:
    """A payslip of 8,430.50 in November 2026, worked out by the real arithmetic."""
    points = Decimal(credit_points) if credit_points else None
    facts = Facts(date(2026, 11, 30), 843050, credit_points=points)
    worked_out = work_out(scheme("IL.employee"), facts, shipped()).as_contents()
    return (
        _issued("payslip", "PS-2026-00041", language)
        | {
            "employer": AGENCY | {"tax_file": "935617915"},
            "employee": {
                "id": "i1",
                "name": "Mina Levi",
                "id_number": "039337423",
                "employment_start": "2026-02-03",
                "seniority_months": 9,
                "pay_basis": "commission",
            },
            "period": "2026-11",
            "period_start": "2026-11-01",
            "period_end": "2026-11-30",
            "pay_date": "2026-12-09",
            "payments": [
                {
                    "code": "101",
                    "description": "Summer",
                    "base_minor": 8430500,
                    "rate_bps": 1000,
                    "amount_minor": 843050,
                }
            ],
            "facts": {"credit_points": credit_points, "second_employer": False, "no_form_101": points is None},
            "year_to_date": {
                "year": 2026,
                "gross_minor": 3190275,
                "income_tax_minor": 90012,
                "national_insurance_minor": 43112,
                "health_insurance_minor": 99120,
                "net_minor": 2958031,
                "employer_national_insurance_minor": 149711,
            },
            "minimum_wage": {"month_minor": 644385, "hour_minor": 3540},
            "bank": {"bank": "12", "branch": "345", "account": "123456"},
            "vacation_balance": "0.00",
            "sickness_balance": "0.00",
        }
        | worked_out
        | changes
    )


def _corrected(code: str, name: str, was_minor: int, is_minor: int, formula: str) -> dict[str, Any]:
    changed = {"was_minor": was_minor, "is_minor": is_minor, "difference_minor": is_minor - was_minor}
    return {"code": code, "name": name, "base_minor": 2_100_000, "formula": formula, **changed}


def payslip_correction(*, language: str = "en", **changes: Any) -> dict[str, Any]:
    """The slip of 21,000.00 of January 2026, after the law of spring 2026: 313.50 less income tax."""
    tax = "7,010.00 × 10% + 3,050.00 × 14% + 8,940.00 × 20% + 2,000.00 × 31% − 2.25 × 242.00"
    slip = payslip(language=language, credit_points="2.25")
    days = {"period": "2026-01", "period_start": "2026-01-01", "period_end": "2026-01-31"}
    return (
        _issued("payslip_correction", "PC-2026-000004", language)
        | {name: slip[name] for name in ("employer", "employee", "facts", "tables", "scheme", "scheme_version")}
        | days
        | {
            "corrects": {"number": "PS-2026-000007", "issued_at": "2026-02-01T09:30:00Z"},
            "earlier_corrections": [],
            "gross_minor": 2_100_000,
            "additions": [],
            "lines": [
                _corrected("income_tax", "Income tax", 330_500, 299_150, tax),
                _corrected("national_insurance", "National insurance", 101_090, 101_090,
                           "7,703.00 × 1.04% + 13,297.00 × 7%"),
                _corrected("health_insurance", "Health insurance", 93_626, 93_626,
                           "7,703.00 × 3.23% + 13,297.00 × 5.17%"),
            ],
            "employer_lines": [
                _corrected("employer_national_insurance", "National insurance, employer's part", 135_798, 135_798,
                           "7,703.00 × 4.51% + 13,297.00 × 7.6%"),
            ],
            "net": {"was_minor": 1_574_784, "is_minor": 1_606_134, "difference_minor": 31_350},
            "employer_cost": {"was_minor": 2_235_798, "is_minor": 2_235_798, "difference_minor": 0},
            "year_to_date": {
                "year": 2026,
                "gross_minor": 8_400_000,
                "income_tax_minor": 1_290_650,
                "national_insurance_minor": 404_360,
                "health_insurance_minor": 374_504,
                "net_minor": 6_330_486,
                "employer_national_insurance_minor": 543_192,
            },
        }
        | changes
    )  # fmt: skip


def remittance(*, language: str = "en", **changes: Any) -> dict[str, Any]:
    """A payment of 143.59 for a statement of 150.00, of which a payslip withheld 6.41."""
    return (
        _issued("remittance_advice", "RA-2026-00003", language)
        | {
            "influencer": {"name": "Noa Levi", "id_number": "039337423"},
            "batch": "PB-2026-000001",
            "paid_on": "2026-06-12",
            "account_ending": "456",
            "reference": "REF-7",
            "statements": [{"number": "CS-2026-000002", "campaign": "Summer 2026", "amount_minor": 15000}],
            "difference_minor": -641,
            "amount_minor": 14359,
        }
        | changes
    )


def bill_line(*, net_minor: int = 10000, **changes: Any) -> dict[str, Any]:
    """One sale on a bill: 10 % to the influencer, 5 % to the agency."""
    usual = {
        "kind": "order",
        "order_number": "#1001",
        "placed_at": "2026-05-10T12:00:00Z",
        "influencer": "Mina",
        "reason": "coupon",
        "net_minor": net_minor,
        "refunded_minor": 0,
        "foreign": None,
        "commission_minor": net_minor // 10,
        "agency_fee_minor": net_minor // 20,
        "charge_minor": net_minor // 10 + net_minor // 20,
        "collected_minor": 0,
    }
    return usual | changes


def bill(*, language: str = "en", lines: list[dict[str, Any]] | None = None, **changes: Any) -> dict[str, Any]:
    """A brand's bill of its lines, with 18 % on the fee."""
    listed = [bill_line()] if lines is None else lines
    sums = {
        name: sum(one[name] for one in listed)
        for name in ("commission_minor", "agency_fee_minor", "charge_minor", "collected_minor")
    }
    vat_minor = sums["agency_fee_minor"] * 18 // 100
    totals = {
        "orders": len(listed),
        "sales_minor": sum(one["net_minor"] for one in listed),
        "refunded_minor": 0,
        **sums,
        "vat_minor": vat_minor,
        "total_minor": sums["charge_minor"] + sums["collected_minor"] + vat_minor,
    }
    return {
        **_issued("brand_bill", "BB-2026-000001", language),
        "date": "2026-06-15",
        "brand": {"name": "Glow", "legal_name": "Glow Ltd", "registration_number": "514000000"},
        "agency_rate_bps": 500,
        "lines": listed,
        "vat": {"country": "IL", "rate_bps": 1800, "on": "2026-06-15", "row": {"table": "IL.vat"}},
        "totals": totals,
    } | changes


def offset_note(*, language: str = "en", **changes: Any) -> dict[str, Any]:
    """Of 20.00 credit 15.00 are offset, all that is owed."""
    return (
        _issued("offset_note", "ON-2026-000001", language)
        | {
            "date": "2026-06-11",
            "party": {"kind": "influencer", "name": "Mina Levi"},
            "against": {"kind": "commission_statement", "number": "CS-2026-00077"},
            "amount_minor": 1500,
            "credit_before_minor": 2000,
            "credit_after_minor": 500,
            "owed_before_minor": 1500,
            "owed_after_minor": 0,
        }
        | changes
    )


def payee_request(*, language: str = "en", **changes: Any) -> dict[str, Any]:
    """Of a licensed dealer: 8,430.50 and 18 % VAT, less 5 % by certificate, with an allocation number."""
    return (
        _issued("payee_request", "RQ-2026-000001", language)
        | {
            "date": "2026-06-15",
            "payee": PAYEE,
            "statement": "CS-2026-000001",
            "kinds": ["tax_invoice"],
            "amounts": {
                "net_minor": 843050,
                "vat_minor": 151749,
                "total_minor": 994799,
                "withheld_minor": 42152,
                "paid_minor": 952647,
            },
            "vat": {"rate_bps": 1800, "row": {"table": "IL.vat", "source": "Value Added Tax Order"}},
            "withholding": {"rate_bps": 500, "certificate": "T-771", "until": "2026-12-31"},
            "allocation": {"needed": True, "above_minor": 500000},
            "upload_at": "https://go.example/me/statements/d1/paper",
            "send_by": "2026-06-29",
        }
        | changes
    )


def self_billing_invoice(*, language: str = "en", **changes: Any) -> dict[str, Any]:
    """Of a British supplier: 500.00, no VAT, reverse charge."""
    sums = {"net_minor": 50000, "vat_minor": 0, "total_minor": 50000, "withheld_minor": 0, "paid_minor": 50000}
    return (
        _issued("self_billing_invoice", "SB-2026-000001", language)
        | {
            "date": "2026-06-15",
            "supplied_at": "2026-05-28T20:59:59Z",
            "payee": PAYEE | {"name": "Ann Hill", "country": "GB", "vat_number": "980780684", "id_number": ""},
            "agreement": {"id": "a1", "from": "2026-01-01", "to": "2026-12-31", "sha256": "0" * 64},
            "statement": "CS-2026-000001",
            "quantity": 1,
            "unit_price_minor": 50000,
            "amounts": sums,
            "vat": {"rate_bps": 0, "row": None},
            "reverse_charge": True,
            "united_kingdom": True,
            "answer_at": "https://go.example/me/statements/d1/paper",
            "answer_by": "2026-06-29",
        }
        | changes
    )


def self_billing_credit_note(*, language: str = "en", **changes: Any) -> dict[str, Any]:
    """It takes the invoice of 500.00 back."""
    invoice = self_billing_invoice(language=language)
    return (
        invoice
        | {
            "kind": "self_billing_credit_note",
            "number": "SC-2026-000001",
            "invoice": {"number": "SB-2026-000001", "date": "2026-06-15"},
            "reason": "The amount is not what we agreed.",
            "unit_price_minor": -50000,
            "amounts": {name: -amount for name, amount in invoice["amounts"].items()},
        }
        | changes
    )


MAKERS = {
    "final_report": report,
    "commission_statement": statement,
    "payslip": payslip,
    "payslip_correction": payslip_correction,
    "remittance_advice": remittance,
    "brand_bill": bill,
    "offset_note": offset_note,
    "payee_request": payee_request,
    "self_billing_invoice": self_billing_invoice,
    "self_billing_credit_note": self_billing_credit_note,
    **PERSONAL,
}
