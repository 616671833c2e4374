"""An influencer's own rooms: invitations, campaigns, earnings, papers, and how they are paid. Phone first."""

from flask import Blueprint

from campaigns.blueprints import share
from campaigns.blueprints.me import (
    campaign,
    certificate,
    contact,
    customers,
    earnings,
    home,
    invitation,
    leaderboard,
    links,
    material,
    order,
    orders,
    paper,
    payee,
    profile,
    self_billing,
    studio,
    training,
)

blueprint = Blueprint("me", __name__, url_prefix="/me")

for rule, view, methods in (
    ("", home.home, ["GET"]),
    ("/invitations/<participation_id>", invitation.invitation, ["GET"]),
    ("/invitations/<participation_id>/accept", invitation.accept, ["POST"]),
    ("/invitations/<participation_id>/decline", invitation.decline, ["POST"]),
    ("/campaigns/<participation_id>", campaign.campaign, ["GET"]),
    ("/campaigns/<participation_id>/leave", campaign.leave, ["POST"]),
    ("/campaigns/<participation_id>/orders", orders.orders, ["GET"]),
    ("/campaigns/<participation_id>/leaderboard", leaderboard.leaderboard, ["GET"]),
    ("/campaigns/<participation_id>/links", links.links, ["GET", "POST"]),
    ("/campaigns/<participation_id>/links/withdraw", links.withdraw_link, ["POST"]),
    ("/campaigns/<participation_id>/share", share.share, ["GET"]),
    ("/campaigns/<participation_id>/qr.png", share.share_qr, ["GET"]),
    ("/campaigns/<participation_id>/customers", customers.customers, ["GET", "POST"]),
    ("/campaigns/<participation_id>/material", material.material, ["GET"]),
    ("/campaigns/<participation_id>/studio", studio.studio, ["GET"]),
    ("/campaigns/<participation_id>/studio/<slot_id>", studio.book_studio, ["POST"]),
    ("/campaigns/<participation_id>/studio/<slot_id>/give-back", studio.give_back_studio, ["POST"]),
    ("/training", training.training, ["GET"]),
    ("/orders/<order_id>", order.order, ["GET"]),
    ("/contacts/<contact_id>", contact.contact, ["GET"]),
    ("/earnings", earnings.earnings, ["GET"]),
    ("/documents", earnings.documents, ["GET"]),
    ("/certificate", certificate.certificate, ["GET", "POST"]),
    ("/statements/<statement_id>/paper", paper.paper, ["GET", "POST"]),
    ("/invoices/<document_id>/answer", paper.answer_invoice, ["POST"]),
    ("/self-billing", self_billing.self_billing, ["GET", "POST"]),
    ("/self-billing/end", self_billing.end_self_billing, ["POST"]),
    ("/payment-details", payee.payee, ["GET", "POST"]),
    ("/profile", profile.profile, ["GET", "POST"]),
):
    blueprint.add_url_rule(rule, view_func=view, methods=methods)
