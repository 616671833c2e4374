"""What letters are about, and which of it may be switched off.

Every letter (templates/mail/<letter>.txt) belongs to a topic; a topic is what people switch, by mail and in the app.
Letters about a sign-in can't be switched off: whoever took over an account would begin with that. Letters that bring
papers always go by mail, since a paper counts as given to somebody once it was sent.
"""

from campaigns.i18n import N_

ALWAYS = "security"
# topic: (name, what it holds)
TOPICS: dict[str, tuple[str, str]] = {
    "campaign": (N_("Campaigns"), N_("Invitations, codes and links, what changes in a campaign.")),
    "messages": (N_("Messages"), N_("What somebody writes to you, and disputes.")),
    "money": (N_("Money"), N_("Payments, credit, commissions held or let go, orders credited.")),
    "papers": (N_("Papers"), N_("What became of a paper. The papers themselves always come by mail.")),
    "alarms": (N_("Alarms"), N_("A shop has fallen silent, or papers can't be made.")),
    "summary": (N_("The week"), N_("A letter on Monday morning, when there is something to tell.")),
}
USUAL = "campaign"
LETTERS: dict[str, str] = {
    "bank_details_changed": ALWAYS,
    "forgotten_password": ALWAYS,
    "invitation": ALWAYS,
    "password_changed": ALWAYS,
    "sign_in_link": ALWAYS,
    "approval_asked": "campaign",
    "brand_decided": "campaign",
    "invitation_ended": "campaign",
    "invitation_reminder": "campaign",
    "invited": "campaign",
    "launched": "campaign",
    "place_free": "campaign",
    "studio_booked": "campaign",
    "studio_called_off": "campaign",
    "contact_accepted": "money",
    "contact_rejected": "money",
    "credited_by_hand": "money",
    "credit_taken": "money",
    "customer_no_longer_yours": "campaign",
    "customer_registered": "campaign",
    "dispute_message": "messages",
    "incident_moved": "messages",
    "talk_message": "messages",
    "talk_waits": "messages",
    "dispute_resolved": "messages",
    "commission_held": "money",
    "commission_released": "money",
    "credit_given": "money",
    "payment_failed": "money",
    "paper_accepted": "papers",
    "paper_disputed": "papers",
    "paper_refused": "papers",
    "papers_ready": "papers",
    "papers_waiting": "alarms",
    "shop_alarm": "alarms",
    "week_of_agency": "summary",
    "week_of_brand": "summary",
    "week_of_influencer": "summary",
}
MAILED_ALWAYS = frozenset({"papers_ready"})
# Only one role gets letters of these.
ONLY_FOR = {"alarms": frozenset({"agency"})}


def topic_of(letter: str) -> str:
    """The topic a letter belongs to.

    >>> topic_of("password_changed"), topic_of("payment_failed")
    ('security', 'money')
    """
    return LETTERS.get(letter, USUAL)


def topics_for(role: str) -> list[str]:
    """What somebody of a role may switch.

    >>> "alarms" in topics_for("brand")
    False
    """
    return [topic for topic in TOPICS if role in ONLY_FOR.get(topic, {role})]
