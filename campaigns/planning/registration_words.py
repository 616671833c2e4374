"""What became of a registered customer, in sentences: the same on pages and in letters, and about nobody else.

Nothing here says who else has a customer, or what anybody bought.
"""

from campaigns.i18n import N_, gettext

WHY = {
    "new_customer": N_("The customer had not bought in this shop and is nobody else's: what they buy is yours."),
    "own_request": N_("The customer asked for it: what they buy is yours."),
    "bought_before": N_(
        "The customer had bought in this shop before. What they buy is yours where no code, no link and no earlier "
        "order makes it anybody's, but the customer is not yours alone."
    ),
    "held_by_another": N_("The customer is registered to somebody else."),
    "held_by_self": N_("You have this customer already, in another campaign of the same shop."),
    "not_offered": N_("The terms you accepted for this campaign speak of no registered customers."),
    "not_taking_part": N_("The campaign is over, or you no longer take part in it."),
    "own_address": N_("This is your own address or number: nobody is their own customer."),
}


def why(reason: str) -> str:
    """What decided it, told to the influencer."""
    return gettext(WHY.get(reason, reason))
