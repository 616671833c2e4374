"""Splitting an amount that a platform gives for a whole order over the order's lines, to the last unit."""

from collections.abc import Sequence

from campaigns.errors import Unreadable


def spread(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Parts of `amount_minor` in proportion to the weights; the units left over go to the largest remainders.

    The parts always sum to the amount. Weights below zero count as nothing; where none counts, all count alike.
    Raises Unreadable where there is an amount and nothing to spread it over.

    >>> spread(100, [1, 1, 1]), spread(-7, [2, 1]), spread(5, [0, 0])
    ([34, 33, 33], [-5, -2], [3, 2])
    """
    if amount_minor and not weights:
        raise Unreadable("an order with an amount and without lines")
    counted = [max(0, weight) for weight in weights]
    if not any(counted):
        counted = [1] * len(counted)
    whole, amount = sum(counted), abs(amount_minor)
    parts = [amount * weight // whole for weight in counted]
    remainders = [amount * weight % whole for weight in counted]
    for place in sorted(range(len(parts)), key=lambda place: -remainders[place])[: amount - sum(parts)]:
        parts[place] += 1
    return [-part for part in parts] if amount_minor < 0 else parts
