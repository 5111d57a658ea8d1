"""What lint found as one document: that of `schemaproof check`, without what only a server tells."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from schemaproof import __version__
from schemaproof.config import Target
from schemaproof.findings import Finding, Level
from schemaproof.lint.rule import all_rules
from schemaproof.lint.squawk import HARM, NAME
from schemaproof.migrations import Migration

__all__ = ["document_of"]

SCHEMA_VERSION = 1


def document_of(target: Target, looked_at: Sequence[Migration], findings: Iterable[Finding], started: datetime) -> Any:
    """Return the findings as JSON values, with what the project accepts and knows of them."""
    told = [_finding(target, found) for found in findings]
    bad = any(each["level"] == Level.ERROR and each["excluded"] is None and not each["known"] for each in told)
    named = [(rule.name, rule.harm, rule.level) for rule in all_rules()]
    return {
        "schema_version": SCHEMA_VERSION,
        "kind": "lint",
        "schemaproof": __version__,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds(), 3),
        "target": {
            "migrations": str(target.relative(target.migrations)),
            "versions": [migration.version for migration in looked_at],
            "root": target.root_in_repository,
            "settings": target.settings.name if target.settings else None,
        },
        "checks": [
            {"name": name, "harm": harm, "level": str(level), "status": _status(name, told)}
            for name, harm, level in (*named, (NAME, HARM, Level.WARNING))
        ],
        "findings": told,
        "tests": [],
        "verdict": "findings" if bad else "clean",
    }


def _finding(target: Target, found: Finding) -> dict[str, Any]:
    place = found.location
    return {
        "check": found.check,
        "level": str(found.level),
        "object": found.object,
        "summary": found.summary,
        "detail": found.detail,
        "remedy": found.remedy,
        "key": found.key,
        "file": target.relative(place.path).as_posix() if place else None,
        "line": place.line if place else None,
        "excluded": target.reason_to_accept(found),
        "known": target.known.knows(found),
    }


def _status(name: str, told: Iterable[dict[str, Any]]) -> str:
    return "failed" if any(each["check"] == name and each["level"] == Level.ERROR for each in told) else "passed"
