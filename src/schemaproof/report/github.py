"""Annotations of GitHub Actions: workflow commands on the standard output, shown at the lines of a pull request."""

from collections.abc import Iterator, Mapping
from typing import Any

from schemaproof.report.findings import Document, counted, failed_tests, open_findings, place_of
from schemaproof.report.groups import Group, grouped

__all__ = ["github"]

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
# GitHub shows ten annotations of each kind a step, and drops the others without a word.
_SHOWN = 10
# The start of a statement to paste; a longer message is cut by the page.
_MESSAGE = 4000


def github(document: Mapping[str, Any]) -> str:
    """Return the open findings, broken checks and failed tests as workflow commands, one a kind of finding."""
    annotations = grouped([*_broken(document), *_tests(document), *open_findings(document)])
    return "".join(f"{line}\n" for level in _COMMANDS for line in _lines(document, level, annotations))


def _lines(document: Document, level: str, annotations: list[Group]) -> Iterator[str]:
    mine = [group for group in annotations if group.first["level"] == level]
    shown = len(mine) if len(mine) <= _SHOWN else _SHOWN - 1
    yield from (_command(document, group) for group in mine[:shown])
    if rest := sum(group.size for group in mine[shown:]):
        what = f"and {counted(rest, f'more {level}s')}: GitHub shows {_SHOWN} a step; a report has them all."
        yield f"::{_COMMANDS[level]} title=schemaproof::{_data(what)}"


def _command(document: Document, group: Group) -> str:
    found, same = group.first, f"The same of {len(group.others)} more." if group.others else ""
    properties = {"title": f"{found['check']}: {found['object']}"}
    if found["file"]:
        properties = {"file": place_of(document, found["file"]), "line": str(found["line"] or 1)} | properties
    message = "\n".join(filter(None, (found["summary"], found["remedy"], same, found["detail"])))[:_MESSAGE]
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[found['level']]} {written}::{_data(message)}"


def _broken(document: Document) -> Iterator[Document]:
    for check in document["checks"]:
        if check["status"] == "broken":
            yield _annotation(check["name"], "the check broke", check["reason"])


def _tests(document: Document) -> Iterator[Document]:
    for test in failed_tests(document):
        file, _, name = test["id"].partition("::")
        yield _annotation("suites", f"{name or file} {test['outcome']}", test["message"]) | {
            "file": file,
            "object": name,
        }


def _annotation(check: str, summary: str, detail: str) -> dict[str, Any]:
    return {
        "check": check,
        "level": "error",
        "object": check,
        "file": None,
        "line": None,
        "summary": summary,
        "remedy": "",
        "detail": detail,
    }


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
