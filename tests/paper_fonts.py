"""The fonts of papers, cut once for all data folders of a run: that takes two seconds, and every test has a folder."""

import os
import tempfile
from pathlib import Path

NAME = "TEST_FONTS"  # in the environment, so processes that are started from this one know it too


def fonts() -> Path:
    """Where they are kept; nothing is cut before a paper is made."""
    if NAME not in os.environ:
        os.environ[NAME] = tempfile.mkdtemp(prefix="campaigns-fonts-")
    return Path(os.environ[NAME])


def furnish_fonts(data_dir: Path) -> None:
    """Let a data folder have them."""
    if not (data_dir / "fonts").exists():
        (data_dir / "fonts").symlink_to(fonts())
