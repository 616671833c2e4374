"""The box in the header: one word, and whatever is called or numbered so."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import session
from campaigns.i18n import N_
from campaigns.planning import search as searching

# kind: (heading, where a thing of it is, what its address calls it)
KINDS = {
    "campaigns": (N_("Campaigns"), "console.campaign", "campaign_id"),
    "brands": (N_("Brands"), "console.brand", "brand_id"),
    "influencers": (N_("Influencers"), "console.influencer", "influencer_id"),
    "codes": (N_("Codes"), "console.participation", "participation_id"),
    "orders": (N_("Orders"), "console.order", "order_id"),
    "papers": (N_("Papers"), "papers.one", "document_id"),
    "received": (N_("Papers received"), "console.received_paper", "paper_id"),
    "deliveries": (N_("Deliveries"), "console.delivery", "delivery_id"),
}


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """A few of each kind; without words, what may be looked for."""
    words = searching.asked_for(request.args.get("q", ""))
    return render_template(
        "console/search.html",
        words=words,
        least=searching.LEAST,
        groups=searching.found(session(), words),
        kinds=KINDS,
        address=lambda kind, key: url_for(KINDS[kind][1], **{KINDS[kind][2]: key}),
    )
