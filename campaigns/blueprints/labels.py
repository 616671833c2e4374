"""The words and the colours of statuses, for every page."""

from campaigns import i18n
from campaigns.errors import Said
from campaigns.i18n import N_, gettext

# status: (tone of the pill, what people read)
STATUSES: dict[str, tuple[str, str]] = {
    "draft": ("", N_("Draft")),
    "recruiting": ("info", N_("Recruiting")),
    "ready": ("info", N_("Ready to start")),
    "live": ("good", N_("Live")),
    "ended": ("warn", N_("Ended")),
    "reconciling": ("warn", N_("Checking with the shop")),
    "closed": ("", N_("Closed")),
    "archived": ("", N_("Archived")),
    "cancelled": ("bad", N_("Cancelled")),
    "invited": ("info", N_("Invited")),
    "viewed": ("info", N_("Invitation seen")),
    "accepted": ("good", N_("Accepted")),
    "declined": ("", N_("Declined")),
    "expired": ("", N_("Expired")),
    "active": ("good", N_("Active")),
    "completed": ("", N_("Completed")),
    "withdrawn": ("bad", N_("Withdrew")),
    "removed": ("bad", N_("Removed")),
    "pending": ("warn", N_("Pending")),
    "paid": ("good", N_("Paid")),
    "refunded": ("bad", N_("Refunded")),
    "deleted": ("bad", N_("Deleted")),
    "approved": ("good", N_("Approved")),
    "in_statement": ("info", N_("On a statement")),
    "due": ("info", N_("Due")),
    "held": ("warn", N_("Held")),
    "dispute_open": ("warn", N_("Waits for an answer")),
    "dispute_answered": ("info", N_("Answered")),
    "dispute_resolved": ("", N_("Resolved")),
    "talk_open": ("warn", N_("Waits for the agency")),
    "talk_passed_on": ("info", N_("Passed on")),
    "talk_answered": ("good", N_("Answered")),
    "talk_closed": ("", N_("Closed")),
    "passing_waiting": ("warn", N_("Waits for the agency")),
    "passing_passed": ("good", N_("Passed on")),
    "passing_reworded": ("info", N_("Passed on in other words")),
    "passing_kept": ("", N_("Not passed on")),
    "incident_reported": ("warn", N_("Reported")),
    "incident_handling": ("info", N_("Being handled")),
    "incident_put_right": ("good", N_("Put right")),
    "incident_not_accepted": ("bad", N_("Not accepted")),
    "reversed": ("bad", N_("Reversed")),
    "issued": ("good", N_("Issued")),
    "processed": ("good", N_("Processed")),
    "ignored": ("", N_("Ignored")),
    "failed": ("bad", N_("Failed")),
    "created": ("info", N_("New")),
    "qualified": ("good", N_("Qualified")),
    "rejected": ("bad", N_("Rejected")),
    "waiting": ("warn", N_("Waiting")),
    "prepared": ("warn", N_("Prepared")),
    "released": ("info", N_("Released")),
    "in_payment": ("info", N_("On its way")),
    "returned": ("bad", N_("Sent back by the bank")),
    "done": ("good", N_("Done")),
    "yearly_missing": ("warn", N_("Not made yet")),
    "yearly_current": ("good", N_("Up to date")),
    "yearly_changed": ("warn", N_("Figures have changed")),
    "received": ("warn", N_("Received")),
    "ours": ("info", N_("Waits for an answer")),
    "disputed": ("bad", N_("Disputed")),
    "paper_missing": ("warn", N_("Paper missing")),
    "paper_received": ("info", N_("Being looked at")),
    "paper_accepted": ("good", N_("Accepted")),
    "paper_refused": ("bad", N_("Refused")),
    "paper_ours": ("info", N_("Waits for your answer")),
    "paper_disputed": ("bad", N_("Disputed")),
    "paper_rejected": ("bad", N_("Rejected")),
    "attached": ("good", N_("Exclusive")),
    "late": ("warn", N_("Registered late")),
    "refused": ("bad", N_("Not possible")),
    "import_previewed": ("warn", N_("Waits for your decision")),
    "import_taken": ("good", N_("Taken")),
    "import_discarded": ("", N_("Not taken")),
    "code_waiting": ("warn", N_("Being created")),
    "code_waiting_by_hand": ("warn", N_("To be created by hand")),
    "code_created": ("good", N_("In the shop")),
    "code_failed": ("bad", N_("Not in the shop")),
    "code_to_end": ("warn", N_("Being ended")),
    "code_to_end_by_hand": ("warn", N_("To be ended by hand")),
    "code_ended": ("", N_("Ended")),
}


def label(status: str) -> str:
    """The message people read for `status`, still to be translated; an unknown one shows as it is."""
    return STATUSES[status][1] if status in STATUSES else status


def tone(status: str) -> str:
    """The pill's colour class."""
    return STATUSES[status][0] if status in STATUSES else ""


def said(sentence: str) -> str:
    """A sentence of the domain in the visitor's language; a status in it is shown by its label."""
    if isinstance(sentence, Said) and "status" in sentence.facts:
        status = str(sentence.facts["status"])
        sentence = Said(sentence.template, **(sentence.facts | {"status": gettext(label(status))}))
    return i18n.said(sentence)
