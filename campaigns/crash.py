"""Named places where a fault run kills the process: between any two steps the books must be whole.

`CRASH_AT=orders.posted:3` ends the process, without a handler or a flush, the third time it comes to that place.
Without the variable a place costs one comparison.
"""

import itertools
import os

_NAME, _, _TIME = os.environ.get("CRASH_AT", "").partition(":")
_visits = itertools.count(1)


def crash_point(name: str) -> None:
    """Be killed here, if this is the place and the time."""
    if name == _NAME and next(_visits) == int(_TIME or 1):
        os._exit(137)
