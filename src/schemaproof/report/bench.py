"""The bench's report for a person at a terminal: the data, the queries, the indexes, then what was found."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from schemaproof.report.text import print_finding

__all__ = ["bench_text"]

_VERDICTS = {"needed": "green", "constraint": "dim", "enforces": "green", "unneeded": "bold red", "unused": "bold red"}
_SLOPES = {"linear": "yellow", "growing": "", "flat": "green", "unknown": "dim"}


def bench_text(document: Mapping[str, Any], *, color: bool = False, width: int = 100) -> str:
    """Return the bench's document for reading, with ANSI colours where `color` is set."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=color, no_color=not color, highlight=False, emoji=False)
    console.print(_environment(document), style="dim", soft_wrap=True)
    console.print()
    console.print(_queries(document))
    if document["indexes"]:
        console.print()
        console.print(_indexes(document))
    for found in document["findings"]:
        if found["excluded"] is None and found["level"] != "note":
            print_finding(console, found, kind=found["check"])
    console.print()
    console.print(_verdict(document))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def _environment(document: Mapping[str, Any]) -> str:
    server = document["environment"]["server"]
    told = [f"PostgreSQL {server['version']} ({server['kind']})"]
    for profile in document["profiles"]:
        size = f"{profile['total']:,} rows, {profile['bytes'] / 1_000_000:,.0f} MB"
        told.append(f"{profile['name']}: {size}, seed {profile['seed']}, loaded in {profile['seconds']:.1f} s")
    return escape("\n".join(told))


def _queries(document: Mapping[str, Any]) -> Table:
    """A row for each query and role: pages for the largest tenant, how they grow, and by which indexes."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name, justify in (("query", "left"), ("role", "left"), ("buffers", "right"), ("growth", "left")):
        table.add_column(name, justify=justify, no_wrap=True)  # type: ignore[arg-type]  # rich's literal
    table.add_column("indexes", overflow="fold")
    growth = {(each["query"], each["role"], each["size"]): each for each in document["growth"]}
    for found in document["measurements"]:
        at_scale = found["profile"] == document["judged"] and found["mode"] == "custom"
        if at_scale and found["size"] in ("largest", "all"):
            rate = growth[found["query"], found["role"], found["size"]]["class"]
            used = ", ".join(each["name"] for each in found["indexes"]) or ", ".join(found["seq_scans"]) or "-"
            table.add_row(
                Text(found["query"], "bold red" if found["broken"] else ""),
                found["role"],
                f"{found['buffers']:,}",
                Text("" if rate == "unknown" else rate, _SLOPES[rate]),
                Text(used if len(used) < 200 else f"{len(found['indexes'])} indexes", "dim"),
            )
    return table


def _indexes(document: Mapping[str, Any]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("index", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("needed by", overflow="fold")
    for index in document["indexes"]:
        if index["verdict"] != "constraint":
            style = _VERDICTS[index["verdict"]]
            table.add_row(index["name"], Text(index["verdict"], style), Text(_needed_by(index["users"]), "dim"))
    return table


def _needed_by(users: Sequence[Mapping[str, Any]]) -> str:
    told: dict[str, str] = {}
    for user in users:
        factor = "impossible without" if user["factor"] is None else f"{user['factor']:,.1f}x"
        told.setdefault(user["id"], factor)
    return ", ".join(f"{name} ({factor})" for name, factor in list(told.items())[:3])


def _verdict(document: Mapping[str, Any]) -> Text:
    opened = [found for found in document["findings"] if found["excluded"] is None]
    counts = {level: sum(found["level"] == level for found in opened) for level in ("error", "warning", "note")}
    told = ", ".join(f"{number} {level}{'s' * (number != 1)}" for level, number in counts.items() if number)
    clean = document["verdict"] == "clean"
    queries, indexes = len(document["queries"]), len(document["indexes"])
    return Text.assemble(
        ("proved", "bold green") if clean else ("not proved", "bold red"),
        f": {queries} queries, {indexes} indexes, {told or 'no findings'}; baseline {document['baseline']['status']}; "
        f"{document['seconds']:.1f} s",
    )
