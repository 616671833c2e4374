"""Orders whose evidence has to be judged: whose sale is it, if anybody's?"""

from dataclasses import replace
from datetime import datetime, timedelta

from campaigns.demo.goods import CREAM, SERUM, SOAP
from campaigns.demo.shopify_bodies import Message, Purchase, message
from campaigns.demo.told import Scene, Told, nets, paid, purchase, usual


def evidence(scene: Scene) -> list[Told]:
    """One order of every kind; those with a link are placed now, for the clicks are."""
    code, click, now, yesterday = scene.codes, scene.clicks, scene.now, scene.days_ago(1, 15)
    noa, amir = code["noa"], code["amir"]
    careless = f"  {noa[:4].lower()} {noa[4:].lower()} "
    two = replace(purchase(1302, yesterday, [(CREAM, 1)], code["layla"]), codes=(code["layla"], code["olga"]))
    dollars = replace(purchase(1307, yesterday, [(SERUM, 1)], code["yoav"]), currency="USD")
    test = replace(purchase(1308, yesterday, [(SERUM, 1)], noa), test=True)
    return [
        _told(purchase(1301, yesterday, [(SERUM, 1)], careless), "noa", f"code {careless!r}", "typed carelessly"),
        _told(two, "layla", f"codes {code['layla']}, {code['olga']}", "two codes: the first counts"),
        _told(
            purchase(1303, now, [(SERUM, 1)], click_id=click["samer"]), "samer", "link", "link alone, no coupon taken"
        ),
        _told(
            purchase(1304, now, [(SERUM, 1)], code["tamar"], click["amir"]),
            "tamar",
            f"code {code['tamar']} + link",
            "came by Amir's link: the coupon has precedence",
        ),
        _told(
            purchase(1305, yesterday, [(SERUM, 1)], noa, email="noa+shop@demo.test"),
            "",
            f"code {noa}",
            "bought by Noa herself",
        ),
        _told(
            purchase(1306, scene.starts_at - timedelta(days=2), [(SERUM, 1)], code["maya"]),
            "",
            f"code {code['maya']}",
            "placed before the campaign",
        ),
        _told(dollars, "", f"code {code['yoav']}", "in US dollars, the campaign is in shekels"),
        _told(test, "", f"code {noa}", "the shop's test notification"),
        _told(purchase(1309, yesterday, [(SOAP, 1)], "SUMMER5"), "", "code SUMMER5", "a code of the shop's own"),
        _told(purchase(1310, yesterday, [(SOAP, 2)]), "", "", "neither code nor link"),
        _told(purchase(1311, now, [(CREAM, 1)], amir, click["amir"]), "amir", f"code {amir} + link", "both agree"),
    ]


def after_the_leak(scene: Scene, handle: str, leaked: str, ended_at: datetime) -> list[Told]:
    """A code found on a coupon site was ended at `ended_at`; `scene.codes` has the new one."""
    before = purchase(1401, ended_at - timedelta(hours=1), [(SERUM, 1)], leaked)
    # A shop stamps whole seconds: the next one is surely after the end.
    next_second = ended_at.replace(microsecond=0) + timedelta(seconds=1)
    after = [purchase(1402 + place, next_second, [(SERUM, 1)], leaked) for place in range(3)]
    fresh = purchase(1405, next_second, [(SERUM, 1)], scene.codes[handle])
    return [
        _told(before, handle, f"code {leaked}", "placed before the leaked code ended, told after"),
        *(_told(bought, "", f"code {leaked}", "placed after the leaked code ended") for bought in after),
        _told(fresh, handle, f"code {scene.codes[handle]}", "the code given instead"),
    ]


def strays(scene: Scene) -> tuple[Message, Message]:
    """Two bodies that are no orders: one signed but cut short on its way, one to be sent with a wrong signature."""
    bought = purchase(1501, scene.days_ago(1), [(SERUM, 1)], scene.codes["noa"])
    cut = message("orders/paid", paid(bought).body[:400], "1501")
    forged = paid(replace(bought, order_id=bought.order_id + 1))
    return cut, forged


def _told(bought: Purchase, influencer: str, by: str, what: str) -> Told:
    return Told(bought.number, influencer, by, nets(bought.lines), what, usual(bought))
