"""What an alarm of a shop's feed says to people: what happened, and what to do next on the shop's own platform.

In the language of the work at hand; facts are isolated, so the sentences serve a page and a letter alike.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.i18n import N_, gettext, iso, ltr, show_time
from campaigns.models import ShopAlarm
from campaigns.planning.delivery_words import why
from campaigns.tracking.alarms import reason_in
from campaigns.tracking.platforms.registry import PLATFORMS

TITLES = {
    "silent": N_("%(shop)s has fallen silent"),
    "hook_disabled": N_("The webhook of %(shop)s seems to be switched off"),
    "refused": N_("What %(shop)s sends is refused"),
    "failing": N_("What %(shop)s sends can't be read"),
    "api_unreachable": N_("%(shop)s can't be asked for its orders"),
}
SENTENCES = {
    "silent": N_("Nothing has come since %(since)s. By the same hours of the weeks before, about %(expected)s messages "
                 "would have come."),
    "hook_disabled": N_("No webhook has come since %(since)s, yet the shop's own list holds orders placed after that: "
                        "%(count)s at least. They were pulled, and are counted here."),
    "refused": N_("%(count)s messages in a row were not signed with the secret we have, and nothing genuine came in "
                  "between. Most likely the shop's secret is another one."),
    "failing": N_("The last %(count)s messages were genuine and could not be understood: %(reason)s"),
    "api_unreachable": N_("Orders can neither be read back nor pulled since %(since)s: %(reason)s"),
}  # fmt: skip
WEBHOOKS_ON = {
    "woocommerce": N_("In WordPress open WooCommerce › Settings › Advanced › Webhooks. Where a status is not Active, "
                      "set it to Active and save."),
    "shopify": N_("In Shopify open Settings › Notifications › Webhooks. Shopify removes a webhook that could not be "
                  "delivered for some hours: if one is missing, make it again."),
}  # fmt: skip
ANY_WEBHOOKS_ON = N_(
    "In %(platform)s see whether its webhooks are still there, switched on, and lead to the address on the set-up page."
)
CLOSED_TODAY = N_("If the shop is closed, on a holiday for example, there is nothing to do.")
PULL = {
    "woocommerce": N_("WooCommerce never sends again what it could not deliver: on the shop's page in the console "
                      "the orders since then can be pulled, once the keys of its API are entered."),
}  # fmt: skip
ANY_PULL = N_(
    "What was missed is pulled from the shop where its API may be asked; else compare with the shop's own list."
)
STEPS = {
    "refused": (
        N_("Compare the secret in the shop with the one on the set-up page, and mind spaces when you copy it."),
    ),
    "failing": (
        N_("Look at the deliveries. When the cause is mended, read the whole period again there: nothing is lost."),
    ),
    "api_unreachable": (
        N_(
            "See whether the shop is up, and whether the keys on its set-up page still hold. Nothing is lost meanwhile."
        ),
    ),
}
CLEARS_ITSELF = N_("The alarm goes by itself when all is well again.")


@dataclass(frozen=True)
class Told:
    """An alarm in words."""

    title: str
    sentence: str
    steps: list[str]


def told(alarm: ShopAlarm) -> Told:
    """The alarm in the language of the work at hand."""
    shop, facts = alarm.shop, _facts(alarm)
    platform = ltr(PLATFORMS[shop.platform].label)
    steps = [gettext(step, platform=platform) for step in _steps(alarm.kind, shop.platform)]
    kind = alarm.kind if alarm.kind in TITLES else "failing"
    return Told(gettext(TITLES[kind], shop=iso(shop.name)), gettext(SENTENCES[kind], **facts), steps)


def _steps(kind: str, platform: str) -> list[str]:
    if kind in ("silent", "hook_disabled"):
        first = [CLOSED_TODAY] if kind == "silent" else []
        hooks, pull = WEBHOOKS_ON.get(platform, ANY_WEBHOOKS_ON), PULL.get(platform, ANY_PULL)
        return [*first, hooks, pull, CLEARS_ITSELF]
    return [*STEPS.get(kind, ()), CLEARS_ITSELF]


def _facts(alarm: ShopAlarm) -> dict[str, Any]:
    since = alarm.facts.get("since")
    moment = datetime.fromisoformat(since) if isinstance(since, str) else alarm.raised_at
    numbers = {name: ltr(alarm.facts.get(name, "–")) for name in ("count", "expected")}
    return {**numbers, "since": show_time(moment, alarm.shop.timezone), "reason": iso(why(reason_in(alarm.facts)))}
