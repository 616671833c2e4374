"""A full body for every operation of the API, to be sent as it is or with something wrong in it."""

from typing import Any

from campaigns.blueprints.api.api import Operation
from tests import factories


def good(operation: Operation, ids: dict[str, str]) -> dict[str, Any]:
    """A body with every field there is; `ids` names the things it speaks of."""
    attribution = {
        "precedence": "link",
        "link_window_days": 7,
        "customer_lock_days": 60,
        "registered_customer_days": 90,
    }
    terms = {**factories.TERMS, "attribution": attribution, "return_window_days": 3}
    payee = {
        "route": "payslip", "id_number": "039337423", "address": "Haifa", "credit_points": "2.25",
        "second_employer": False, "cumulative": False, "coordination": [{"upto_minor": 5, "rate_bps": 1000}],
        "withholding_rate_bps": 3000,
        "employment_start": "2026-01-01", "country": "IL", "dealer_status": "exempt", "bilingual": True,
        "deduction_scheme": "", "bank": {"code": "12", "branch": "345", "account": "67890"},
    }  # fmt: skip
    account = {"network": "instagram", "handle": "@noa", "followers": 12_000}
    times = {"starts_at": "2026-06-01T00:00:00Z", "ends_at": "2026-06-20T00:00:00Z", "timezone": "Asia/Jerusalem"}
    bodies: dict[str, dict[str, Any]] = {
        "BrandIn": {
            "name": "A", "email": "a@example.com", "legal_name": "A Ltd", "registration_number": "1",
            "link_domain": "go.a.example",
        },
        "ShopIn": {
            "brand": ids["brand"], "platform": "standard", "name": "A", "domain": "a.example.com", "currency": "ILS",
            "timezone": "Asia/Jerusalem", "webhook_secret": "s", "hosts": ["b.example.com"],
        },
        "InfluencerIn": {
            "name": "A", "email": "b@example.com", "phone": "050-1234567", "language": "he", "niches": ["x"],
            "accounts": [account], "payee": payee,
        },
        "InfluencerPatch": {
            "name": "A", "phone": "", "language": "he", "niches": ["x"], "accounts": [account], "payee": payee,
        },
        "CampaignIn": {
            "brand": ids["brand"], "shop": ids["shop"], "name": "A", **times, "language": "he", "brief": "b",
            "landing_url": "https://shop.example.com/x", "terms": terms,
            "category": "skin care", "product": "Serum", "goals": "first buyers", "brand_values": "honest",
            "audience": {"countries": ["IL"], "ages": ["18-24"], "women_percent": 70, "interests": ["skin care"]},
            "styles": ["reviews"], "hashtags": ["glow"], "disclosure": "Ad", "invitation_days": 5,
            "invite_reserves": True,
            "coupon": {"percent_off": 10, "grace_days": 1, "apply_by_link": False},
        },
        "TermsIn": {"terms": terms},
        "ParticipantIn": {"influencer": ids["influencer"], "terms": {"influencer_rate_bps": 1, "base": "net"}},
        "AcceptIn": {"terms_version": 1, "language": "he"},
        "DeclineIn": {"reason": "x"},
        "ReplaceCodeIn": {"reason": "x"},
        "OverrideIn": {"override_reason": "x"},
        "AssignIn": {"participant": ids["participant"], "reason": "x"},
        "RegistrationIn": {
            "participant": ids["participant"], "email": "c@example.com", "phone": "050-1234567", "reason": "x",
        },
        "ContactIn": {
            "type": "lead.qualified", "format": "1", "timestamp": "2026-06-01T10:00:00Z",
            "data": {
                "id": "c1", "version": "2026-06-01T10:00:00Z", "happened_at": "2026-06-01T09:00:00Z", "kind": "call",
                "seconds": 20, "coupon_codes": ["NOA10"], "click_id": "k1", "landing_url": "https://a.example.com/",
                "customer": {"email": "c@example.com", "phone": "050-1234567"}, "test": False,
                "proof": {"recording": "rec_1"},
            },
        },
        "CloseIn": {"on": "2026-06-01", "override_reason": "x"},
        "PayslipIn": {
            "country": "IL", "on": "2026-06-30", "gross_minor": 100, "credit_points": "2.25", "second_employer": True,
            "coordination": [{"upto_minor": 5, "rate_bps": 1000}], "year_to_date": {"gross_minor": 3},
        },
        "BillIn": {"on": "2026-06-01"},
        "RateIn": {
            "from_currency": "USD", "to_currency": "ILS", "from_date": "2026-05-01", "to_date": "2026-05-31",
            "rate_millionths": 3_600_000, "source": "the bank", "corrects": "",
        },
        "TableRowIn": {
            "table": "IL.credit_point", "from_date": "2028-01-01", "to_date": "2028-12-31",
            "figures": {"value_minor": 25_000}, "source": "the law", "published_on": "2027-12-15", "note": "x",
        },
        "CertificateIn": {
            "kind": "withholding", "number": "4711", "from_date": "2026-01-01", "to_date": "2026-12-31",
            "rate_bps": 500, "steps": [],
        },
        "FindingReasonIn": {"reason": "x"},
        "PayoutIn": {"currency": "ILS", "on": "2026-06-30"},
        "ReasonIn": {"reason": "x"},
        "DoubtIn": {"reason": "x"},
        "DisputeIn": {"about": "order", "id": ids.get("order", "x"), "message": "x"},
        "MessageIn": {"message": "x"},
        "ResolveIn": {"outcome": "partner", "resolution": "x", "compensation_minor": 1, "place": "credit"},
        "CreditIn": {
            "influencer": ids["influencer"], "brand": None, "currency": "ILS", "amount_minor": 1, "reason": "x",
        },
        "OffsetIn": {
            "influencer": ids["influencer"], "brand": None, "document": None, "amount_minor": 1, "on": "2026-06-30",
        },
        "FollowUpIn": {"participant": None, "on": "2026-06-30"},
        "AnswerIn": {
            "about": "order", "id": ids.get("order", "x"), "as_of": "2026-05-31", "reader": "", "language": "en",
        },
        "YearlyIn": {"year": 2026, "influencer": ids["influencer"]},
        "PayrollOrderIn": {"period": "2026-06", "currency": "ILS", "language": "he"},
        "PartnerCertificateIn": {"participations": ["x"], "show_results": True, "language": "en"},
        "ReceivedIn": {
            "kind": "receipt", "number": "7", "issued_on": "2026-06-01", "net_minor": 1, "vat_minor": 0,
            "allocation_number": "", "file_base64": "JVBERi0xLjcgJSVFT0Y=",
        },
        "AcceptReceivedIn": {"pay_on": "2026-06-30"},
        "RefuseReceivedIn": {"reason": "x"},
        "BillPaymentIn": {"amount_minor": 1, "received_on": "2026-06-01", "reference": "BANK-1"},
        "RouteRuleIn": {
            "currency": "ILS", "from_date": "2026-06-01", "above_minor": 500_000, "preferred": "receipt",
            "route": "invoice", "source": "an order",
        },
        "RouteRuleEndIn": {"to_date": "2099-12-31"},
        "PaidIn": {"reference": "A1", "on": "2026-06-30"},
        "FailedIn": {"reason": "the account is closed"},
    }  # fmt: skip
    assert operation.body is not None
    return bodies[operation.body.__name__]
