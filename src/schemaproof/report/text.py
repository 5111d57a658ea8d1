"""The report for a person at a terminal: what was proved, then what was found and what to do about it."""

import io
from collections import Counter
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from schemaproof.report.acceptance import how_to_accept
from schemaproof.report.findings import (
    Document,
    by_check,
    counted,
    failed_tests,
    harm_of,
    levels_of,
    proved_by,
    shortened,
    status_of,
    verdict_of,
)
from schemaproof.report.gate import checks_of, locks_of, objects_of, plans_of, reach_of, sides_of, steps_of
from schemaproof.report.groups import Group, grouped

__all__ = ["print_acceptance", "print_finding", "print_findings", "text"]

_MARKS = {
    "passed": ("ok", "green"),
    "accepted": ("accepted", "yellow"),
    "failed": ("FAILED", "bold red"),
    "not_applicable": ("n/a", "dim"),
    "broken": ("BROKEN", "bold red"),
}
_OUTCOMES = ("passed", "failed", "error", "skipped")
_LEVELS = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_VERDICTS = {
    "proved": "bold green",
    "nothing to prove": "bold green",
    "nothing was proved": "bold yellow",
    "not proved": "bold red",
}
_INDENT = (0, 0, 0, 4)
# What can be read at a terminal: lines of evidence, findings of a check in full and in a line, other objects, names.
_DETAIL_LINES, _FULL, _BRIEF, _PLACES = 24, 5, 10, 5
_FEW_CHECKS, _OBJECTS = 12, 20
_CHANGES = {"+": "green", "-": "red", "~": "yellow"}
_ALL = "--output report.txt has all"


def text(document: Mapping[str, Any], *, color: bool = False, width: int = 80, whole: bool = True) -> str:
    """Return the document for reading, wrapped at `width` columns, with ANSI colours where `color` is set.

    Args:
        whole: show every finding and all evidence; else what can be read at a terminal, and where the rest is.
    """
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=color, no_color=not color, highlight=False, emoji=False)
    console.print(_environment(document), style="dim")
    if "gate" in document:
        _change(console, document, whole)
    if document["checks"]:
        console.print(_checks(document, whole))
    _tenancy(console, document)
    _identities(console, document)
    _suites(console, document, whole)
    print_findings(console, document, whole)
    print_acceptance(console, document)
    console.print()
    console.print(_verdict(document))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def _environment(document: Document) -> str:
    environment, target = document["environment"], document["target"]
    server, platform = environment["server"], environment["platform"]
    emulated = [part["name"] for part in platform["parts"] if not part["real"]]
    imitation = f", emulated: {', '.join(emulated)}" if emulated else ""
    if server["kind"] == "none":
        return escape(f"{counted(len(target['versions']), 'migrations')} of {target['migrations']}")
    return escape(
        f"PostgreSQL {server['version']} ({server['kind']}), platform {platform['name']}{imitation}\n"
        f"{counted(len(target['versions']), 'migrations')} of {target['migrations']}"
    )


def _change(console: Console, document: Document, whole: bool) -> None:
    """Say what is compared, which migrations differ, and what becomes of the database."""
    table = Table.grid(padding=(0, 2))
    for name, told in (*sides_of(document), *steps_of(document)):
        table.add_row(Text(name, "dim" if name in ("base", "head") else "bold"), Text(told))
    console.print(table)
    console.print()
    objects = list(objects_of(document))
    for head, told in objects if whole else objects[:_OBJECTS]:
        console.print(Text(told if whole else head, _CHANGES[head[0]]), soft_wrap=True)
    if rest := 0 if whole else len(objects[_OBJECTS:]):
        console.print(f"… and {counted(rest, 'more objects')}: {_ALL}", style="dim", soft_wrap=True)
    reach = list(reach_of(document))
    for line in reach if whole else reach[:_OBJECTS]:
        console.print(Text(line))
    if rest := 0 if whole else len(reach[_OBJECTS:]):
        console.print(f"… and {counted(rest, 'more changes')} of who may do what: {_ALL}", style="dim", soft_wrap=True)
    locks = list(locks_of(document))
    for line in locks if whole else locks[:_OBJECTS]:
        console.print(Text(line, "dim"))
    if rest := 0 if whole else len(locks[_OBJECTS:]):
        console.print(f"… and {counted(rest, 'more locks')}: {_ALL}", style="dim", soft_wrap=True)
    if plans := plans_of(document):
        console.print(Text(plans, "dim"))
    console.print()


def _checks(document: Document, whole: bool) -> Table:
    """A line for each check; of many, those that do not apply are named at the end alone.

    At a terminal, the gate tells those that prove the change itself or have findings, and counts the others.
    """
    table = Table.grid(padding=(0, 2))
    few = len(document["checks"]) <= _FEW_CHECKS
    told, rest = (document["checks"], []) if whole or "gate" not in document else checks_of(document)
    for check in told:
        if check["status"] == "not_applicable" and not (whole or few):
            continue
        word, style = _MARKS[status_of(document, check)]
        table.add_row(
            Text(word, style), check["name"], Text(proved_by(check)), Text(f"{check['seconds']:.2f} s", "dim")
        )
    if rest:
        seconds = sum(each["seconds"] for each in rest)
        table.add_row(
            Text(*_MARKS["passed"]), "…", f"{counted(len(rest), 'more checks')}", Text(f"{seconds:.2f} s", "dim")
        )
    return table


def _tenancy(console: Console, document: Document) -> None:
    """Say how tenants are told apart: it is proposed unless the settings say it, and everything else stands on it."""
    tenancy = document.get("tenancy")
    if not tenancy:
        return
    keys = {key["name"]: key for key in tenancy["keys"]}
    key = keys.get(tenancy["boundary"] or "")
    if key is None:
        console.print(Text("tenants: none found; set `column` under [tool.schemaproof.tenancy]", "dim"))
        return
    asked = [*(f"claim {claim}" for claim in key["claims"]), *(f"setting {name}" for name in key["settings"])]
    by = " or ".join(asked) or f"membership in {', '.join(tenancy['memberships'])}"
    columns = sorted({column.rpartition(".")[2] for column in key["columns"]} - {"id"}) or ["id"]
    origin = "by the settings" if tenancy["configured"] else "proposed from policies and keys"
    console.print(
        Text(
            f"tenants ({origin}): {by} = {shortened(columns)}, in {counted(len(tenancy['owned']), 'tables')}",
            "dim",
        )
    )
    if shared := list(tenancy["shared"]):
        console.print(Text(f"taken as shared: {shortened(shared)}", "dim"))


def _identities(console: Console, document: Document) -> None:
    if names := list(dict.fromkeys(cell["identity"] for cell in document["matrix"])):
        console.print(Text(f"as {counted(len(names), 'identities')}: {shortened(names)}", "dim"))


def print_acceptance(console: Console, document: Document) -> None:
    """Print how to accept a finding."""
    for number, line in enumerate(how_to_accept(document)):
        if number == 0:
            console.print()
        console.print(Text(line, "dim"), soft_wrap=True)


def _suites(console: Console, document: Document, whole: bool) -> None:
    tests, bad = document["tests"], failed_tests(document)
    if not tests:
        return
    counts = Counter(test["outcome"] for test in tests)
    told = ", ".join(f"{counts[outcome]} {outcome}" for outcome in _OUTCOMES if counts[outcome])
    console.print(Text.assemble(("FAILED" if bad else "ok", "bold red" if bad else "green"), f"  suites  {told}"))
    shown = bad if whole else bad[: _FULL + _BRIEF]
    for number, test in enumerate(shown):
        console.print()
        console.print(Text.assemble((test["outcome"], "bold red"), f"  {test['id']}"), soft_wrap=True)
        if whole or number < _FULL:
            _evidence(console, test["message"], whole)
    if rest := len(bad) - len(shown):
        console.print(f"… and {counted(rest, 'more tests')}: {_ALL}", style="dim", soft_wrap=True)


def print_findings(console: Console, document: Document, whole: bool) -> None:
    """Print the open findings by check, those that say the same put together."""
    for name, findings in by_check(document):
        console.print()
        console.print(Text.assemble((name, "bold"), f": {levels_of(findings)}"))
        console.print(Padding(Text(harm_of(document, name).partition("\n")[0], "dim"), (0, 0, 0, 2)))
        groups = grouped(findings)
        full, brief = (len(groups), 0) if whole or len(groups) <= _FULL else (_FULL, _BRIEF)
        for group in groups[:full]:
            _group(console, group, whole)
        for group in groups[full : full + brief]:
            _brief(console, group)
        if rest := sum(group.size for group in groups[full + brief :]):
            console.print(f"  … and {counted(rest, 'more findings')} of {name}: {_ALL}", style="dim", soft_wrap=True)


def _group(console: Console, group: Group, whole: bool) -> None:
    print_finding(console, group.first, whole=whole)
    _others(console, group, whole)


def print_finding(console: Console, found: Document, *, whole: bool = False, kind: str = "") -> None:
    """Print a finding: where it is, what it is, the evidence (`whole`, or what can be read), and what to do.

    Args:
        kind: the check's name, where no heading says it.
    """
    console.print()
    head = Text("  ") + _level(found) + Text(f"  {kind}" if kind else "")
    console.print(head + Text(f"  {_place(found)}", "bold"), soft_wrap=True)
    console.print(Padding(Text(found["summary"]), _INDENT))
    if found["detail"]:
        _evidence(console, found["detail"], whole)
    console.print(Padding(Text.assemble(("fix: ", "green"), found["remedy"]), _INDENT))


def _others(console: Console, group: Group, whole: bool) -> None:
    if not group.others:
        return
    console.print(f"    the same of {len(group.others)} more:")
    shown = group.others if whole else group.others[:_PLACES]
    for other in shown:
        place = f"  {other['object']}" if other["file"] else ""
        console.print(Text(f"      {_place(other)}{place}"), soft_wrap=True)
    if rest := len(group.others) - len(shown):
        console.print(f"      … and {rest} more: {_ALL}", style="dim", soft_wrap=True)


def _brief(console: Console, group: Group) -> None:
    more = f" (and {group.size - 1} more)" if group.others else ""
    line = Text("  ") + _level(group.first) + Text(f"  {_place(group.first)}  {group.first['summary']}{more}")
    line.truncate(console.width - 1, overflow="ellipsis")
    console.print(line, soft_wrap=True)


def _level(found: Document) -> Text:
    return Text(found["level"], _LEVELS[found["level"]])


def _place(found: Document) -> str:
    return f"{found['file']}:{found['line']}" if found["file"] else str(found["object"])


def _evidence(console: Console, detail: str, whole: bool) -> None:
    """Print statements and diffs line by line and unwrapped, so that they can be pasted."""
    lines = detail.splitlines()
    shown = lines if whole else lines[:_DETAIL_LINES]
    for line in shown:
        console.print(Text(" " * 4 + line, "dim"), soft_wrap=True)
    if rest := len(lines) - len(shown):
        console.print(f"    … {counted(rest, 'more lines')}: {_ALL}", style="dim", soft_wrap=True)


def _verdict(document: Document) -> Text:
    word, told = verdict_of(document)
    return Text.assemble((word, _VERDICTS[word]), f": {told}")
