"""The report for a person at a terminal: what was proved, then what was found and what to do about it."""

import io
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

__all__ = ["print_finding", "text"]

_MARKS = {
    "passed": ("ok", "green"),
    "failed": ("FAILED", "bold red"),
    "not_applicable": ("n/a", "dim"),
    "broken": ("BROKEN", "bold red"),
}
_LEVELS = {"error": "bold red", "warning": "yellow", "note": "cyan"}
# Evidence longer than this is cut in the terminal; the JSON has all of it.
_DETAIL_LINES = 24
_INDENT = (0, 0, 0, 4)


def text(document: Mapping[str, Any], *, color: bool = False, width: int = 80) -> str:
    """Return the document for reading, wrapped at `width` columns, with ANSI colours where `color` is set."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=color, no_color=not color, highlight=False, emoji=False)
    console.print(_environment(document), style="dim")
    console.print(_checks(document))
    _suites(console, document)
    for found in document["findings"]:
        if found["excluded"] is None:
            print_finding(console, found)
    console.print()
    console.print(_verdict(document))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def _environment(document: Mapping[str, Any]) -> str:
    environment, target = document["environment"], document["target"]
    server, platform = environment["server"], environment["platform"]
    emulated = [part["name"] for part in platform["parts"] if not part["real"]]
    imitation = f", emulated: {', '.join(emulated)}" if emulated else ""
    return escape(
        f"PostgreSQL {server['version']} ({server['kind']}), platform {platform['name']}{imitation}\n"
        f"{_count(len(target['versions']), 'migrations')} of {target['migrations']}"
    )


def _checks(document: Mapping[str, Any]) -> Table:
    table = Table.grid(padding=(0, 2))
    for check in document["checks"]:
        word, style = _MARKS[check["status"]]
        proved = "" if check["reason"] else ", ".join(_count(number, what) for what, number in check["proved"].items())
        table.add_row(
            Text(word, style), check["name"], Text(check["reason"] or proved), Text(f"{check['seconds']:.2f} s", "dim")
        )
    return table


def _suites(console: Console, document: Mapping[str, Any]) -> None:
    tests = document["tests"]
    if not tests:
        return
    bad = [test for test in tests if test["outcome"] in ("failed", "error")]
    counts = {
        outcome: sum(test["outcome"] == outcome for test in tests)
        for outcome in ("passed", "failed", "error", "skipped")
    }
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
    console.print(Text.assemble(("FAILED" if bad else "ok", "bold red" if bad else "green"), f"  suites  {told}"))
    for test in bad:
        console.print()
        console.print(Text.assemble((test["outcome"], "bold red"), f"  {test['id']}"))
        _evidence(console, test["message"])


def print_finding(console: Console, found: Mapping[str, Any]) -> None:
    """Print a finding: where it is, what it is, the evidence, and what to do."""
    place = f"{found['file']}:{found['line']}" if found["file"] else found["object"]
    console.print()
    head = Text.assemble((found["level"], _LEVELS[found["level"]]), f"  {found['check']}  ", (place, "bold"))
    console.print(head, soft_wrap=True)
    console.print(Padding(Text(found["summary"]), _INDENT))
    if found["detail"]:
        _evidence(console, found["detail"])
    console.print(Padding(Text.assemble(("fix: ", "green"), found["remedy"]), _INDENT))


def _evidence(console: Console, detail: str) -> None:
    """Print statements and diffs line by line and unwrapped, so that they can be pasted."""
    lines = detail.splitlines()
    for line in lines[:_DETAIL_LINES]:
        console.print(Text(" " * 4 + line, "dim"), soft_wrap=True)
    if len(lines) > _DETAIL_LINES:
        console.print(f"    … {len(lines) - _DETAIL_LINES} more lines: --format json has them all", style="dim")


def _verdict(document: Mapping[str, Any]) -> Text:
    open_findings = [found for found in document["findings"] if found["excluded"] is None]
    counts = {level: sum(found["level"] == level for found in open_findings) for level in _LEVELS}
    excluded = len(document["findings"]) - len(open_findings)
    told = ", ".join(_count(number, f"{level}s") for level, number in counts.items() if number) or "no findings"
    told += f", {excluded} excluded" if excluded else ""
    skipped = [check["name"] for check in document["checks"] if check["status"] == "not_applicable"]
    told += f", not applicable: {', '.join(skipped)}" if skipped else ""
    clean = document["verdict"] == "clean"
    word, style = ("proved", "bold green") if clean else ("not proved", "bold red")
    return Text.assemble((word, style), f": {told} in {document['seconds']:.1f} s")


def _count(number: int, plural: str) -> str:
    return f"{number} {plural.removesuffix('s') if number == 1 else plural}"
