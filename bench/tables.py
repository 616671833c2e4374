"""The figures as tables, in Markdown: read in a terminal and on a page alike."""

from collections.abc import Iterator, Sequence

from bench.figures import GROWING, Figures

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "postgresql_one": "PostgreSQL, one process"}
SERVERS = {"bare": "bare Flask", "plain": "one commit a request", "ours": "the product"}
WORK = {
    "click": "a click, of 30 in a batch",
    "order": "an order, of 16 in a batch",
    "stats_page": "campaign page, 300 orders",
    "stats_page_of_grown_campaign": "the same, its clicks growing",
    "busy_page_of_agency": "busy campaign, agency's page",
    "busy_page_of_brand": "busy campaign, brand's page",
    "busy_page_of_influencer": "busy campaign, influencer's page",
    "closing": "closing, 300 orders",
}


def every_table(told: Figures) -> Iterator[tuple[str, str]]:
    """Heading and table of whatever was measured."""
    if "redirect" in told:
        yield "A click: recorded, then redirected", lane_table(told["redirect"])
    if "webhook" in told:
        yield "An order: a webhook of 10 kB, from its signature to the books", lane_table(told["webhook"])
    if "databases" in told.get("growth", {}):
        yield "Growth", growth_table(told["growth"]["databases"])
    if "papers" in told:
        yield "Papers of a closing", paper_table(told["papers"])
    if "memory" in told:
        yield "Memory of the worker processes", memory_table(told["memory"])
    if "machine" in told:
        yield "The machine", table(("", ""), [(name, str(value)) for name, value in told["machine"].items()], "--")


def lane_table(lane: Figures) -> str:
    """One lane: a row for each server at each number of connections."""
    heads = ("database", "connections", "server", "of bare Flask", "requests/s", "p50 ms", "p99 ms", "errors")
    rows = [
        (
            DATABASES[kind],
            connections,
            SERVERS[name],
            {"bare": "1.00", "plain": f"{at['ratio_of_plain']:.2f}", "ours": f"**{at['ratio']:.2f}**"}[name],
            f"{server['requests_per_second']:,}",
            f"{server['p50_ms']:.1f}",
            f"{server['p99_ms']:.1f}",
            str(server["errors"]),
        )
        for kind, figures in lane.items()
        for connections, at in figures["connections"].items()
        for name, server in at["servers"].items()
    ]
    return table(heads, rows, "-r-rrrrr")


def growth_table(databases: Figures) -> str:
    """A row for each kind of work: its cost at each size, and the last over the first."""
    sizes = list(next(iter(databases.values()))["click"]["ms"])
    heads = ("database", "cost in ms of", *(f"{int(rows):,} clicks" for rows in sizes), "growth")
    rows = [
        (DATABASES[kind], WORK[what], *(f"{figures[what]['ms'][rows]:.3f}" for rows in sizes), _growth(figures[what]))
        for kind, figures in databases.items()
        for what in GROWING
    ]
    sums = [
        (DATABASES[kind], "database, MiB", *(f"{figures['database_bytes'][rows] >> 20:,}" for rows in sizes), "")
        for kind, figures in databases.items()
    ]
    return table(heads, rows + sums, "--" + "r" * (len(sizes) + 1))


def _growth(figures: Figures) -> str:
    return f"**{figures['growth']:.2f}**"


def paper_table(papers: Figures) -> str:
    """One row a database: the worker beside WeasyPrint alone."""
    heads = ("database", "orders", "papers", "of WeasyPrint alone", "s alone", "s worker", "MiB alone", "MiB worker")
    rows = [
        (
            DATABASES[kind],
            f"{figures['orders']:,}",
            str(figures["papers"]),
            f"**{figures['ratio']:.2f}**",
            *(f"{figures['seconds'][who]:.1f}" for who in ("bare", "ours")),
            *(str(figures["peak_mib"][who]) for who in ("bare", "ours")),
        )
        for kind, figures in papers.items()
    ]
    return table(heads, rows, "-rrrrrrr")


def memory_table(memory: Figures) -> str:
    """Before any load, and after all of it."""
    rows = [
        (DATABASES[kind], SERVERS[name], str(server["before_mib"]), str(server["after_mib"]))
        for kind, servers in memory.items()
        for name, server in servers.items()
    ]
    return table(("database", "server", "MiB before", "MiB after"), rows, "--rr")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], sides: str) -> str:
    """A Markdown table; `sides` has an r for every column that is aligned to the right.

    >>> print(table(("what", "ms"), [("a click", "0.04")], "-r"))
    | what    |   ms |
    |:--------|-----:|
    | a click | 0.04 |
    """
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if side == "r" else cell.ljust(width)
            for cell, width, side in zip(cells, widths, sides, strict=True)
        )
        return f"| {' | '.join(padded)} |"

    rule = "|".join(
        "-" * (width + 1) + ":" if side == "r" else ":" + "-" * (width + 1)
        for width, side in zip(widths, sides, strict=True)
    )
    return "\n".join((line(heads), f"|{rule}|", *map(line, rows)))
