"""Sales as campaigns have them: a wave while three stories are up, then drips. Deliveries are not in order of time.

A wave's orders come four seconds apart and reach us from several connections at once; of every sixth the payment is
told only at the very end.
"""

from datetime import timedelta

from campaigns.demo.goods import CREAM, SERUM, SET, SOAP, Product
from campaigns.demo.told import Scene, Told, created, nets, paid, purchase, usual

WAVE: tuple[tuple[str, list[tuple[Product, int]]], ...] = (
    ("maya", [(SERUM, 1)]),
    ("dasha", [(SET, 1)]),
    ("yoav", [(CREAM, 1), (SOAP, 1)]),
)
WAVE_ORDERS = 60
DRIPS: tuple[tuple[str, list[tuple[Product, int]]], ...] = (
    ("noa", [(SERUM, 1)]),
    ("layla", [(CREAM, 2)]),
    ("amir", [(SET, 2)]),
    ("olga", [(SOAP, 3)]),
    ("samer", [(SERUM, 1), (SOAP, 1)]),
    ("tamar", [(SERUM, 3)]),
    ("irina", [(CREAM, 1)]),
    ("rima", [(SET, 1)]),
)
DRIP_DAYS = (8, 5, 1)


def wave(scene: Scene) -> list[Told]:
    """Sixty orders within four minutes, two days ago."""
    told = []
    for place in range(WAVE_ORDERS):
        handle, goods = WAVE[place % len(WAVE)]
        placed_at = scene.days_ago(2, 18) + timedelta(seconds=4 * place)
        bought = purchase(1001 + place, placed_at, goods, scene.codes[handle])
        held_back = place % 6 == 5
        told.append(
            Told(
                bought.number,
                handle,
                f"code {scene.codes[handle]}",
                nets(bought.lines),
                "wave; its payment told last of all" if held_back else "wave",
                (created(bought),) if held_back else usual(bought),
                late=(paid(bought),) if held_back else (),
            )
        )
    return told


def drips(scene: Scene) -> list[Told]:
    """An order of each of the others on three days."""
    told = []
    for place, (days, (handle, goods)) in enumerate((days, drip) for days in DRIP_DAYS for drip in DRIPS):
        code = scene.codes[handle]
        bought = purchase(1101 + place, scene.days_ago(days) + timedelta(minutes=place), goods, code)
        what = f"drip, {days} days ago" if days > 1 else "drip, yesterday"
        told.append(Told(bought.number, handle, f"code {code}", nets(bought.lines), what, usual(bought)))
    return told
