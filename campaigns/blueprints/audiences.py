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
    "api.campaign_statement": AGENCY | INFLUENCER,
    "api.close_campaign": AGENCY,
    "api.campaign_report": AGENCY | BRAND,
    "api.get_document": EVERYBODY,
    "api.preview_payslip": AGENCY,
    "api.create_payout": AGENCY,
    "api.get_payout": AGENCY,
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
    "me.earnings": INFLUENCER,
    "me.documents": INFLUENCER,
    "me.payee": INFLUENCER,
    "brand.campaigns": BRAND,
    "brand.campaign": BRAND,
    "brand.shops": BRAND,
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
    "console.participation": AGENCY,
    "console.replace_code": AGENCY,
    "console.remove": AGENCY,
    "console.resend_invitation": AGENCY,
    "console.orders": AGENCY,
    "console.order": AGENCY,
    "console.unattributed": AGENCY,
    "console.deliveries": AGENCY,
    "console.delivery": AGENCY,
    "console.show_everything": AGENCY,
    "console.replay": AGENCY,
    "console.replays": AGENCY,
    "console.start_replay": AGENCY,
    "console.replay_run": AGENCY,
    "console.cancel_replay": AGENCY,
    "console.close": AGENCY,
    "console.documents": AGENCY,
    "console.payouts": AGENCY,
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
