"""Who may use which route: the one table, and the guard that reads it.

Every endpoint stands here; an application with one that doesn't refuses to start. A route that is not for your role
does not exist for you (404); without a sign-in a page sends you to the sign-in and the API answers 401. What is
yours among the things a route serves is decided by fetching (blueprints/access.py), not here.
"""

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaigns.db import begin_reading, begin_writing
from campaigns.errors import NotFound

ANYONE = frozenset({"anyone"})
AGENCY = frozenset({"agency"})
BRAND = frozenset({"brand"})
INFLUENCER = frozenset({"influencer"})
EVERYBODY = AGENCY | BRAND | INFLUENCER

AUDIENCES: dict[str, frozenset[str]] = {
    "static": ANYONE,
    # tracking: no session; a webhook proves itself by its signature
    "tracking.follow_link": ANYONE,
    "tracking.receive_delivery": ANYONE,
    "tracking.shake_hands": ANYONE,
    "health.healthz": ANYONE,
    "health.readyz": ANYONE,
    "health.metrics": ANYONE,
    # the JSON API
    "api.openapi": ANYONE,
    "api.create_brand": AGENCY,
    "api.list_brands": AGENCY,
    "api.create_shop": AGENCY,
    "api.create_influencer": AGENCY,
    "api.list_influencers": AGENCY,
    "api.get_influencer": AGENCY | INFLUENCER,
    "api.update_influencer": AGENCY | INFLUENCER,
    "api.create_campaign": AGENCY,
    "api.list_campaigns": EVERYBODY,
    "api.get_campaign": EVERYBODY,
    "api.offer_terms": AGENCY,
    "api.invite_participant": AGENCY,
    "api.list_participants": EVERYBODY,
    "api.accept_participation": AGENCY | INFLUENCER,
    "api.decline_participation": AGENCY | INFLUENCER,
    "api.replace_code": AGENCY,
    "api.launch_campaign": AGENCY,
    "api.campaign_stats": EVERYBODY,
    "api.campaign_orders": AGENCY | BRAND,
    "api.assign_order": AGENCY,
    "api.list_contacts": AGENCY | BRAND,
    "api.create_contact": AGENCY | BRAND,
    "api.campaign_statement": AGENCY | INFLUENCER,
    "api.close_campaign": AGENCY,
    "api.reconcile_campaign": AGENCY,
    "api.campaign_reconciliation": AGENCY | BRAND,
    "api.accept_finding": AGENCY,
    "api.waive_finding": AGENCY,
    "api.dispute_finding": AGENCY,
    "api.campaign_report": AGENCY | BRAND,
    "api.get_document": EVERYBODY,
    "api.preview_payslip": AGENCY,
    "api.list_bills": AGENCY | BRAND,
    "api.create_bill": AGENCY,
    "api.list_rates": AGENCY,
    "api.enter_rate": AGENCY,
    "api.hold_order": AGENCY,
    "api.release_order": AGENCY,
    "api.influencer_wallet": AGENCY | INFLUENCER,
    "api.brand_wallet": AGENCY | BRAND,
    "api.grant_credit": AGENCY,
    "api.offset_credit": AGENCY,
    "api.follow_up": AGENCY,
    "api.open_dispute": BRAND | INFLUENCER,
    "api.list_disputes": EVERYBODY,
    "api.get_dispute": EVERYBODY,
    "api.answer_dispute": EVERYBODY,
    "api.resolve_dispute": AGENCY,
    "api.create_payout": AGENCY,
    "api.get_payout": AGENCY,
    "api.payout_file": AGENCY,
    "api.release_payout": AGENCY,
    "api.cancel_payout": AGENCY,
    "api.mark_line_paid": AGENCY,
    "api.mark_line_failed": AGENCY,
    # pages are added below by their rooms
    "pages.font": ANYONE,
    "home.index": ANYONE,
    "auth.sign_in": ANYONE,
    "auth.sign_out": ANYONE,
    "auth.forgot_password": ANYONE,
    "auth.set_password": ANYONE,
    "auth.set_language": ANYONE,
    "account.show": EVERYBODY,
    "account.change_password": EVERYBODY,
    "account.sign_out_elsewhere": EVERYBODY,
    "account.create_token": EVERYBODY,
    "account.revoke_token": EVERYBODY,
    "me.home": INFLUENCER,
    "me.invitation": INFLUENCER,
    "me.accept": INFLUENCER,
    "me.decline": INFLUENCER,
    "me.campaign": INFLUENCER,
    "me.leave": INFLUENCER,
    "me.order": INFLUENCER,
    "me.earnings": INFLUENCER,
    "me.documents": INFLUENCER,
    "me.payee": INFLUENCER,
    "wallets.mine": INFLUENCER,
    "wallets.of_my_brand": BRAND,
    "wallets.index": AGENCY,
    "wallets.influencer": AGENCY,
    "wallets.brand": AGENCY,
    "wallets.grant": AGENCY,
    "wallets.offset": AGENCY,
    "disputes.index": EVERYBODY,
    "disputes.new": BRAND | INFLUENCER,
    "disputes.one": EVERYBODY,
    "disputes.say": EVERYBODY,
    "disputes.resolve": AGENCY,
    "console.hold": AGENCY,
    "console.release": AGENCY,
    "console.follow_up": AGENCY,
    "brand.campaigns": BRAND,
    "brand.campaign": BRAND,
    "brand.order": BRAND,
    "brand.shops": BRAND,
    "brand.contacts": BRAND,
    "setup.shop": AGENCY | BRAND,
    "setup.save_secret": AGENCY | BRAND,
    "setup.codes_csv": AGENCY | BRAND,
    "console.campaigns": AGENCY,
    "console.new_campaign": AGENCY,
    "console.campaign": AGENCY,
    "console.edit_campaign": AGENCY,
    "console.offer_terms": AGENCY,
    "console.launch": AGENCY,
    "console.cancel": AGENCY,
    "console.invite": AGENCY,
    "console.invite_with_terms": AGENCY,
    "console.participation": AGENCY,
    "console.replace_code": AGENCY,
    "console.remove": AGENCY,
    "console.resend_invitation": AGENCY,
    "console.orders": AGENCY,
    "console.order": AGENCY,
    "console.unattributed": AGENCY,
    "console.contacts": AGENCY,
    "console.contact": AGENCY,
    "console.reject_contact": AGENCY,
    "console.accept_contact": AGENCY,
    "console.deliveries": AGENCY,
    "console.delivery": AGENCY,
    "console.show_everything": AGENCY,
    "console.replay": AGENCY,
    "console.replays": AGENCY,
    "console.start_replay": AGENCY,
    "console.replay_run": AGENCY,
    "console.cancel_replay": AGENCY,
    "console.close": AGENCY,
    "console.reconciliation": AGENCY,
    "console.pull_campaign": AGENCY,
    "console.settle_agreed": AGENCY,
    "console.decide_kind": AGENCY,
    "console.decide_finding": AGENCY,
    "console.bills": AGENCY,
    "console.bill": AGENCY,
    "console.rates": AGENCY,
    "console.rate": AGENCY,
    "console.withdraw_rate": AGENCY,
    "console.documents": AGENCY,
    "console.payouts": AGENCY,
    "console.payout": AGENCY,
    "console.release_payout": AGENCY,
    "console.cancel_payout": AGENCY,
    "console.payout_file": AGENCY,
    "console.payout_results": AGENCY,
    "console.mark_line_paid": AGENCY,
    "console.mark_line_failed": AGENCY,
    "console.route_rules": AGENCY,
    "console.end_route_rule": AGENCY,
    "console.override_route": AGENCY,
    "console.brands": AGENCY,
    "console.new_brand": AGENCY,
    "console.brand": AGENCY,
    "console.offer_brand_sign_in": AGENCY,
    "console.set_link_domain": AGENCY,
    "console.shops": AGENCY,
    "console.new_shop": AGENCY,
    "console.shop": AGENCY,
    "console.rotate_secret": AGENCY,
    "console.connect_api": AGENCY,
    "console.disconnect_api": AGENCY,
    "console.test_api": AGENCY,
    "console.pull_now": AGENCY,
    "console.influencers": AGENCY,
    "console.new_influencer": AGENCY,
    "console.influencer": AGENCY,
    "console.team": AGENCY,
    "documents.file": EVERYBODY,
}

# GETs that write: they mark an invitation as seen. All others run in a read-only transaction.
WRITING_GETS = {"me.invitation"}


def init_app(app: Flask) -> None:
    """Hang the guard before every request and check the table against the url map."""
    missing = {rule.endpoint for rule in app.url_map.iter_rules()} - AUDIENCES.keys()
    if missing:
        raise RuntimeError(f"these endpoints declare no audience: {', '.join(sorted(missing))}")
    app.before_request(guard)


def guard() -> ResponseReturnValue | None:
    """Let through, send to the sign-in, or answer as if the route did not exist."""
    endpoint = request.endpoint
    reads = request.method in {"GET", "HEAD", "OPTIONS"} and endpoint not in WRITING_GETS
    begin_reading() if reads else begin_writing()
    if endpoint is None or request.method == "OPTIONS":
        return None
    audience = AUDIENCES[endpoint]
    if audience is ANYONE or request.blueprint == "api":
        return None  # the API guards itself by token, with the same table
    if not current_user.is_authenticated:
        # A form sent after the session ended is not repeated: its page is where to begin again.
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("auth.sign_in", next=back))
    if current_user.role not in audience:
        raise NotFound("no such page")
    return None
