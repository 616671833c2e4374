"""Orders that change after they were placed, told late, twice or in the wrong order: they must end the same."""

from datetime import timedelta

from campaigns.demo.goods import BALM, CREAM, GIFT_CARD, SERUM, SOAP
from campaigns.demo.shopify_bodies import Message, Purchase, message, order, refund
from campaigns.demo.told import Scene, Told, created, nets, paid, purchase, usual

SOON, LATER = timedelta(minutes=10), timedelta(hours=20)


def changes(scene: Scene) -> list[Told]:
    """One order of every kind."""
    return [
        _partial_refund(scene),
        _full_refund(scene),
        _shipping_refund(scene),
        _refund_before_order(scene),
        _duplicates(scene),
        _paid_before_created(scene),
        _old_after_new(scene),
        _cancelled(scene),
        _unpaid(scene),
        _rounded(scene),
        _gift_card(scene),
    ]


def _partial_refund(scene: Scene) -> Told:
    bought = purchase(1201, scene.days_ago(4), [(SERUM, 1), (CREAM, 2)], scene.codes["noa"])
    cream = bought.lines[1]
    given = refund(bought, 9201, bought.placed_at + LATER, ((cream, 1),))
    after = order(bought, "partially_refunded", bought.placed_at + LATER, refunds=(given,))
    messages = (*usual(bought), message("refunds/create", given, "1201"), message("orders/updated", after, "1201"))
    what = "one of two creams given back, told by two deliveries"
    return _told(bought, "noa", scene, what, messages, given_back=(cream.net_minor // 2,))


def _full_refund(scene: Scene) -> Told:
    bought = purchase(1202, scene.days_ago(4), [(SOAP, 4)], scene.codes["layla"])
    given = refund(bought, 9202, bought.placed_at + LATER, ((bought.lines[0], 4),), bought.shipping_minor)
    after = order(bought, "refunded", bought.placed_at + LATER, refunds=(given,))
    messages = (*usual(bought), message("orders/updated", after, "1202"), message("refunds/create", given, "1202"))
    return _told(bought, "layla", scene, "everything given back", messages, given_back=nets(bought.lines))


def _shipping_refund(scene: Scene) -> Told:
    bought = purchase(1203, scene.days_ago(3), [(SERUM, 1)], scene.codes["amir"])
    given = refund(bought, 9203, bought.placed_at + LATER, (), bought.shipping_minor)
    messages = (*usual(bought), message("refunds/create", given, "1203"))
    return _told(bought, "amir", scene, "25.00 of shipping given back: no goods came back", messages)


def _refund_before_order(scene: Scene) -> Told:
    bought = purchase(1204, scene.days_ago(3), [(CREAM, 2)], scene.codes["rima"])
    given = refund(bought, 9204, bought.placed_at + LATER, ((bought.lines[0], 1),))
    messages = (message("refunds/create", given, "1204"), *usual(bought))
    back = (bought.lines[0].net_minor // 2,)
    return _told(bought, "rima", scene, "one cream given back; the refund came before its order", messages, back)


def _duplicates(scene: Scene) -> Told:
    bought = purchase(1205, scene.days_ago(3), [(SERUM, 1)], scene.codes["olga"])
    messages = (*usual(bought), *usual(bought), paid(bought))
    return _told(bought, "olga", scene, "every delivery twice, the payment three times", messages)


def _paid_before_created(scene: Scene) -> Told:
    bought = purchase(1206, scene.days_ago(3), [(SERUM, 1)], scene.codes["samer"])
    return _told(bought, "samer", scene, "paid before it was created", (paid(bought), created(bought)))


def _old_after_new(scene: Scene) -> Told:
    bought = purchase(1207, scene.days_ago(3), [(SERUM, 1), (SOAP, 1)], scene.codes["tamar"])
    edited = order(bought, "paid", bought.placed_at + SOON, taken_off=(bought.lines[1].line_id,))
    messages = (message("orders/updated", edited, "1207"), *usual(bought))
    what = "the soap taken off by an edit; older states came after it"
    code = f"code {scene.codes['tamar']}"
    return Told(bought.number, "tamar", code, (bought.lines[0].net_minor,), what, messages)


def _cancelled(scene: Scene) -> Told:
    bought = purchase(1208, scene.days_ago(2), [(SERUM, 2)], scene.codes["irina"])
    at = bought.placed_at + SOON
    messages = (*usual(bought), message("orders/cancelled", order(bought, "voided", at, cancelled_at=at), "1208"))
    return _told(bought, "", scene, "paid, then cancelled", messages, whose="irina")


def _unpaid(scene: Scene) -> Told:
    bought = purchase(1209, scene.days_ago(2), [(SERUM, 1)], scene.codes["irina"])
    return _told(bought, "", scene, "never paid", (created(bought),), whose="irina")


def _rounded(scene: Scene) -> Told:
    bought = purchase(1210, scene.days_ago(1), [(BALM, 1)], scene.codes["olga"])
    return _told(bought, "olga", scene, "15 % is 4.995: rounded to 5.00", usual(bought))


def _gift_card(scene: Scene) -> Told:
    bought = purchase(1211, scene.days_ago(1), [(CREAM, 1), (GIFT_CARD, 1)], scene.codes["rima"])
    return _told(bought, "rima", scene, "a gift card of 500.00 beside it is no sale", usual(bought))


def _told(
    bought: Purchase,
    influencer: str,
    scene: Scene,
    what: str,
    messages: tuple[Message, ...],
    given_back: tuple[int, ...] = (),
    whose: str = "",
) -> Told:
    by = f"code {scene.codes[influencer or whose]}"
    return Told(bought.number, influencer, by, nets(bought.lines), what, messages, given_back)
