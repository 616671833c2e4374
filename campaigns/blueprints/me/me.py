"""An influencer's own rooms: invitations, campaigns, earnings, papers, and how they are paid. Phone first."""

from flask import Blueprint

from campaigns.blueprints.me import (
    campaign,
    certificate,
    contact,
    customers,
    earnings,
    home,
    invitation,
    order,
    paper,
    payee,
    self_billing,
)

blueprint = Blueprint("me", __name__, url_prefix="/me")

for rule, view, methods in (
    ("", home.home, ["GET"]),
    ("/invitations/<participation_id>", invitation.invitation, ["GET"]),
    ("/invitations/<participation_id>/accept", invitation.accept, ["POST"]),
    ("/invitations/<participation_id>/decline", invitation.decline, ["POST"]),
    ("/campaigns/<participation_id>", campaign.campaign, ["GET"]),
    ("/campaigns/<participation_id>/leave", campaign.leave, ["POST"]),
    ("/campaigns/<participation_id>/customers", customers.customers, ["GET", "POST"]),
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
):
    blueprint.add_url_rule(rule, view_func=view, methods=methods)
