"""An influencer's own rooms: invitations, campaigns, earnings, papers, and how they are paid. Phone first."""

from flask import Blueprint

from campaigns.blueprints.me import campaign, earnings, home, invitation, order, payee

blueprint = Blueprint("me", __name__, url_prefix="/me")

for rule, view, methods in (
    ("", home.home, ["GET"]),
    ("/invitations/<participation_id>", invitation.invitation, ["GET"]),
    ("/invitations/<participation_id>/accept", invitation.accept, ["POST"]),
    ("/invitations/<participation_id>/decline", invitation.decline, ["POST"]),
    ("/campaigns/<participation_id>", campaign.campaign, ["GET"]),
    ("/campaigns/<participation_id>/leave", campaign.leave, ["POST"]),
    ("/orders/<order_id>", order.order, ["GET"]),
    ("/earnings", earnings.earnings, ["GET"]),
    ("/documents", earnings.documents, ["GET"]),
    ("/payment-details", payee.payee, ["GET", "POST"]),
):
    blueprint.add_url_rule(rule, view_func=view, methods=methods)
