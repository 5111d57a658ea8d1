"""How to accept a finding, told with the keys and files of the findings at hand."""

import json
from collections.abc import Iterator
from pathlib import PurePath

from schemaproof.findings import PROBED
from schemaproof.report.findings import Document, open_findings, weigh

__all__ = ["how_to_accept"]

# What can only be mended: nothing is accepted of a schema that does not build, nor of what is accepted for nothing.
_NEVER = ("build", "exclusions", "baseline")


def how_to_accept(document: Document) -> Iterator[str]:
    """Yield the lines that tell it, with the heaviest finding as the example; none where nothing can be accepted."""
    findings = sorted((each for each in open_findings(document) if each["check"] not in _NEVER), key=weigh)
    if not findings:
        return
    beside = next((each for each in findings if _is_in_a_statement(document, each)), None)
    example = beside or findings[0]
    file = document["target"]["settings"] or "schemaproof.toml"
    yield f"To accept a finding, say why in {file}:"
    yield f"    [[{'tool.schemaproof.exclude' if file == 'pyproject.toml' else 'exclude'}]]"
    yield f"    key = {json.dumps(example['key'], ensure_ascii=False)}"
    yield '    reason = "<why it is harmless>"'
    if beside:
        yield f"or directly above the statement at {beside['file']}:{beside['line']}:"
        yield f"    -- schemaproof: ignore {beside['check']} <why it is harmless>"
    if example["check"] in PROBED:
        return
    if document.get("kind") not in ("lint", "gate"):
        yield "To fail on new findings only: schemaproof check --write-baseline"
    if example["check"] in (check["name"] for check in document["checks"]):
        yield f"What a check looks at, and why: schemaproof checks {example['check']}"


def _is_in_a_statement(document: Document, found: Document) -> bool:
    """Tell whether the finding points at a statement of a migration: line 1 stands for the file as a whole."""
    migrations = document["target"]["migrations"]
    return bool(found["file"]) and found["line"] > 1 and PurePath(found["file"]).is_relative_to(migrations)
