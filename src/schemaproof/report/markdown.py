"""Markdown for a comment on a pull request or a step summary: the verdict and a table, findings folded below it."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from schemaproof.report.findings import (
    Document,
    by_check,
    counted,
    failed_tests,
    harm_of,
    levels_of,
    place_of,
    proved_by,
    status_of,
    verdict_of,
)
from schemaproof.report.gate import checks_of, locks_of, objects_of, plans_of, reach_of, sides_of, steps_of
from schemaproof.report.groups import Group, grouped

__all__ = ["markdown"]

# A comment on GitHub holds 65,536 characters; counted in bytes, so that other forges' ways of counting fit too.
_LIMIT = 65_000
_EVIDENCE, _PLACES = 4_000, 50
_MARKS = {"passed": "✅", "accepted": "☑️", "failed": "❌", "not_applicable": "n/a", "broken": "💥"}
_SIGNS = {"proved": "✅", "nothing to prove": "✅", "nothing was proved": "⚠️", "not proved": "❌"}
# What Markdown would take for its own: emphasis, links, tables, headings.
_SPECIAL = re.compile(r"([\\`*_\[\]#|~])")
_INLINE = re.compile(r"[\\`*\[\]|~\n]|(?<!\w)_|_(?!\w)")
# What a forge would take for a person or an issue, and tell them.
_REFERENCE = re.compile(r"(?<=[@#])(?=\w)")


def markdown(document: Mapping[str, Any]) -> str:
    """Return the document as Markdown of less than 65,536 bytes; what does not fit is counted."""
    word, told = verdict_of(document)
    head = [
        "<!-- schemaproof -->",
        f"### {_SIGNS[word]} schemaproof: {_escape(f'{word}: {told}')}",
        "",
        *(_change(document) if "gate" in document else ()),
        *_table(document),
    ]
    sections = [*_sections(document), *(_differences(document) if "gate" in document else ())]
    return _fit("\n".join(head) + "\n", sections)


def _fit(text: str, sections: list[str]) -> str:
    room = _LIMIT - len(text.encode())
    for number, section in enumerate(sections):
        room -= len(section.encode())
        if room < 0:
            rest = counted(len(sections) - number, "more findings and failures")
            return f"{text}\n… and {rest}: `schemaproof check` shows them all.\n"
        text += section
    return text


def _table(document: Document) -> Iterator[str]:
    environment, target = document["environment"], document["target"]
    yield "| | check | proved | findings |"
    yield "| --- | --- | --- | --- |"
    found = dict(by_check(document))
    told, rest = checks_of(document) if "gate" in document else (document["checks"], [])
    for check in told:
        yield _row(
            _MARKS[status_of(document, check)], check["name"], proved_by(check), levels_of(found.pop(check["name"], []))
        )
    if rest:
        yield _row(_MARKS["passed"], f"{counted(len(rest), 'more checks')}", "", "")
    for name, findings in found.items():
        yield _row("❌" if findings[0]["level"] == "error" else "⚠️", name, "", levels_of(findings))
    if tests := document["tests"]:
        failed = len(failed_tests(document))
        passed = counted(sum(test["outcome"] == "passed" for test in tests), "tests")
        yield _row(_MARKS["failed" if failed else "passed"], "suites", passed, f"{failed} failed" if failed else "")
    server = environment["server"]
    yield ""
    yield _escape(
        f"PostgreSQL {server['version']}, platform {environment['platform']['name']}, "
        f"{counted(len(target['versions']), 'migrations')} of {target['migrations']}"
    )


def _change(document: Document) -> Iterator[str]:
    """Say what is compared, and which migrations differ."""
    yield "| | |"
    yield "| --- | --- |"
    for name, told in (*sides_of(document), *steps_of(document)):
        yield _row(name, told)
    yield ""


def _differences(document: Document) -> Iterator[str]:
    """Fold what becomes of the database, and of whom."""
    if plans := plans_of(document):
        yield f"\n{_escape(plans)}\n"
    if locks := list(locks_of(document)):
        yield _folded(
            "<b>Locks</b> on what was there before",
            "",
            "\n".join(locks),
            language="text",
        )
    if objects := list(objects_of(document)):
        text = "\n".join(told for _, told in objects)
        yield _folded(f"<b>Objects</b>: {counted(len(objects), 'objects')}", "", text, language="diff")
    if reach := list(reach_of(document)):
        yield _folded(
            f"<b>Who may do what</b>: {counted(len(reach), 'changes')}", "", "\n".join(reach), language="diff"
        )


def _row(*cells: str) -> str:
    return f"| {' | '.join(_escape(' '.join(cell.split())[:300]) for cell in cells)} |"


def _sections(document: Document) -> Iterator[str]:
    for name, findings in by_check(document):
        title = f"\n#### {_escape(name)}\n\n{_escape(harm_of(document, name).partition(chr(10))[0])}\n"
        for number, group in enumerate(grouped(findings)):
            yield ("" if number else title) + _group(document, group)
    for test in failed_tests(document):
        yield _folded(f"<b>{test['outcome']}</b> {_html(test['id'])}", "", test["message"])


def _group(document: Document, group: Group) -> str:
    found, more = group.first, f" (and {len(group.others)} more)" if group.others else ""
    shown = [f"- {_place(document, other)}{_code(other['key'])}" for other in group.others[:_PLACES]]
    if rest := len(group.others) - len(shown):
        shown.append(f"- … and {rest} more")
    same = "\nThe same of:\n\n" + "\n".join(shown) + "\n" if shown else ""
    return _folded(
        f"<b>{found['level']}</b> {_place(document, found)}{_html(found['summary'])}{more}",
        f"**Fix:** {_escape(found['remedy'])}\n\nKey: {_code(found['key'])}\n{same}",
        found["detail"],
    )


def _place(document: Document, found: Document) -> str:
    return _code(f"{place_of(document, found['file'])}:{found['line'] or 1}") + " " if found["file"] else ""


def _folded(summary: str, body: str, evidence: str, *, language: str = "sql") -> str:
    if len(evidence) > _EVIDENCE:
        evidence = evidence[:_EVIDENCE] + "\n…"
    block = f"\n{_fenced(evidence, language)}\n" if evidence else ""
    return f"\n<details><summary>{summary}</summary>\n\n{body}{block}\n</details>\n"


def _fenced(text: str, language: str) -> str:
    fence = "`" * (1 + max([2, *map(len, re.findall("`+", text))]))
    return f"{fence}{language}\n{text}\n{fence}"


def _code(text: str) -> str:
    """Code where Markdown may be read or not: what it would take for emphasis or a link is written as an entity."""
    return f"<code>{_INLINE.sub(lambda match: f'&#{ord(match[0])};', html.escape(text, quote=False))}</code>"


def _html(text: str) -> str:
    """Text within HTML, where Markdown is not read."""
    return _REFERENCE.sub("<!-- -->", html.escape(" ".join(text.split()), quote=False))


def _escape(text: str) -> str:
    return _REFERENCE.sub("<!-- -->", _SPECIAL.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False)))
