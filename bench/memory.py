"""What processes hold of the machine's memory, as Linux counts it."""

import re
from collections.abc import Iterable
from pathlib import Path

RESIDENT = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)


def resident_mib(processes: Iterable[int]) -> int:
    """The resident memory of some processes together; pages they share are counted for each."""
    found = (RESIDENT.search(Path(f"/proc/{process}/status").read_text()) for process in processes)
    return sum(int(each[1]) for each in found if each) // 1024
