"""How the checks and tests of a run ended, and what they found: what a result is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schemaproof.config import Target
from schemaproof.findings import Finding, Level

__all__ = ["CheckResult", "TestResult", "finding_values"]


@dataclass(frozen=True)
class CheckResult:
    """How one check ended.

    Args:
        status: `passed`, `failed` (it has findings of level error), `not_applicable` or `broken` (it could not end).
        reason: why it does not apply, or what broke it.
        proved: what it looked at, counted.
        seconds: how long it took.
        level: the heaviest that its findings may be.
    """

    name: str
    harm: str
    status: str
    reason: str = ""
    proved: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    level: Level = Level.ERROR


@dataclass(frozen=True)
class TestResult:
    """How one test of the project's own suites ended: `passed`, `failed`, `error` or `skipped`."""

    __test__ = False  # pytest would collect it by its name

    id: str
    outcome: str
    seconds: float
    requirements: tuple[str, ...] = ()
    message: str = ""


def finding_values(found: Finding, target: Target) -> dict[str, Any]:
    """Return a finding as a results document has it, with the reason for which the project accepts it."""
    location = found.location
    return {
        "check": found.check,
        "level": str(found.level),
        "object": found.object,
        "summary": found.summary,
        "detail": found.detail,
        "remedy": found.remedy,
        "key": found.key,
        "audience": list(found.audience),
        "file": target.relative(location.path).as_posix() if location else None,
        "line": location.line if location else None,
        "excluded": target.reason_to_accept(found),
    }
