"""docs/performance.md: what is measured and how to read it (performance.md beside this file), then the tables."""

from pathlib import Path

from bench.figures import Figures
from bench.tables import every_table
from campaigns.supervise import ROOT

TEXT = Path(__file__).with_name("performance.md")
PAGE = ROOT / "docs" / "performance.md"


def write_page(told: Figures) -> Path:
    """Write the page; returns where."""
    tables = "".join(f"\n## {heading}\n\n{table}\n" for heading, table in every_table(told))
    PAGE.write_text(TEXT.read_text(encoding="utf-8") + tables, encoding="utf-8")
    return PAGE
