"""The results document: one JSON object that every report is made of; its JSON Schema is results.schema.json."""

import json
import platform as machine
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from schemaproof import __version__
from schemaproof.acceptance import known_checks
from schemaproof.baseline import Baseline
from schemaproof.config import Target
from schemaproof.coverage import Clause
from schemaproof.errors import UsageError
from schemaproof.findings import Finding, Level
from schemaproof.outcomes import CheckResult, TestResult, finding_values
from schemaproof.platform import Part

__all__ = ["Results", "adopt", "exit_code", "json_schema", "read_document"]

SCHEMA_VERSION = 1
_SCHEMA = "results.schema.json"
# Of a schema that does not build nothing is known; what the project accepts for nothing, it can take out at once.
_NEVER_KNOWN = ("build", "exclusions", "baseline")


@dataclass
class Results:
    """What a run found, gathered while it runs; `document()` is what leaves the process.

    Args:
        before: findings of the state that a change starts from: they are known, as those of the baseline.
        gate: what `schemaproof gate` says of the change itself.
    """

    target: Target
    server: Mapping[str, object]
    parts: tuple[Part, ...] = ()
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    checks: list[CheckResult] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    matrix: list[dict[str, object]] = field(default_factory=list)
    tenancy: dict[str, Any] | None = None
    tests: list[TestResult] = field(default_factory=list)
    requirements: tuple[Clause, ...] = ()
    before: Baseline = field(default_factory=Baseline)
    gate: Mapping[str, Any] | None = None

    @property
    def unbuilt(self) -> bool:
        """Tell whether the schema could not be built, so that nothing else can be proved of it."""
        return any(found.check == "build" for found in self.findings)

    def document(self) -> dict[str, Any]:
        """Return the results as JSON values, valid by the published schema."""
        ended = datetime.now(UTC)
        document = {
            "schema_version": SCHEMA_VERSION,
            "schemaproof": __version__,
            "started": self.started.isoformat(timespec="seconds"),
            "seconds": round((ended - self.started).total_seconds(), 3),
            "environment": {
                "python": machine.python_version(),
                "system": f"{machine.system()} {machine.machine()}",
                "server": dict(self.server),
                "platform": {"name": self.target.platform, "parts": [asdict(part) for part in self.parts]},
            },
            "target": {
                "migrations": str(self.target.relative(self.target.migrations)),
                "versions": [migration.version for migration in self.target.history],
                "fingerprint": self.target.fingerprint(),
                "root": self.target.root_in_repository,
                "settings": self.target.settings.name if self.target.settings else None,
            },
            "checks": [asdict(found) for found in self.checks],
            "findings": [self._finding(found) for found in self.findings],
            "tenancy": self.tenancy,
            "matrix": self.matrix,
            "tests": [asdict(test) | {"requirements": list(test.requirements)} for test in self.tests],
            "requirements": [clause.values() for clause in self.requirements],
        }
        of_gate = {} if self.gate is None else {"kind": "gate", "gate": dict(self.gate)}
        return document | of_gate | {"verdict": _verdict(document)}

    def _finding(self, found: Finding) -> dict[str, object]:
        return finding_values(found, self.target) | {"known": self._is_known(found)}

    def _is_known(self, found: Finding) -> bool:
        known = self.target.known.knows(found) or self.before.knows(found)
        return found.check not in _NEVER_KNOWN and known


def exit_code(document: Mapping[str, Any]) -> int:
    """0: clean; 1: new findings of level error that no exclusion covers, a broken check, or a failed test."""
    return int(_is_bad(document))


def adopt(document: Mapping[str, Any], before: Baseline) -> tuple[Baseline, dict[str, Any]]:
    """Return the baseline of a run's findings, and the run's document with all of them known.

    Args:
        before: the baseline so far; what it holds of checks that did not come to an end in this run stays in it.
    """
    findings = [found | {"known": _is_adoptable(found)} for found in document["findings"]]
    ran = {check["name"] for check in document["checks"] if check["status"] in ("passed", "failed")}
    ran |= {"coverage"} if document["requirements"] else set()
    idle = set(known_checks()) - ran
    baseline = Baseline.of(found for found in findings if found["known"]).with_those_of(before, idle)
    adopted = {**document, "findings": findings}
    return baseline, adopted | {"verdict": _verdict(adopted)}


def _is_adoptable(found: Mapping[str, Any]) -> bool:
    return found["excluded"] is None and found["check"] not in _NEVER_KNOWN


def read_document(path: Path) -> dict[str, Any]:
    """Read what `as_json` wrote to a file: the results of a check or of the bench.

    Raises:
        UsageError: it cannot be read, is no results document, or one of another version.
    """
    remedy = "Give the file that `schemaproof check --output json:FILE` or `schemaproof bench --output FILE` wrote."
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"results {path}: {error.strerror}", remedy=remedy) from error
    except ValueError as error:
        raise UsageError(f"results {path} is not JSON: {error}", remedy=remedy) from error
    if not isinstance(document, dict) or "schema_version" not in document:
        raise UsageError(f"{path} is no results document of schemaproof", remedy=remedy)
    if document["schema_version"] != SCHEMA_VERSION:
        raise UsageError(
            f"results {path} are of version {document['schema_version']}, this schemaproof reads {SCHEMA_VERSION}",
            remedy="Run the check again, or use the schemaproof that wrote it.",
        )
    schema = json_schema("bench/schema.json" if document.get("kind") == "bench" else _SCHEMA)
    if missing := next(_missing(document, schema, schema["$defs"]), None):
        raise UsageError(f"results {path} lack {missing.removeprefix('.')}", remedy="Run it again.")
    return document


def _missing(value: object, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    """Yield the places of what the schema requires and `value` lacks: what reports read without asking."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    kinds = {"object": dict, "array": list}
    parts: list[tuple[str, object, Any]] = []
    if not isinstance(value, kinds.get(str(schema.get("type")), object)):
        yield ""
    elif isinstance(value, dict):
        yield from (f".{name}" for name in schema.get("required", ()) if name not in value)
        parts = [
            (f".{name}", value[name], each) for name, each in schema.get("properties", {}).items() if name in value
        ]
    elif isinstance(value, list):
        parts = [(f"[{number}]", item, schema.get("items", {})) for number, item in enumerate(value)]
    for place, part, each in parts:
        yield from (f"{place}{inner}" for inner in _missing(part, each, definitions))


def json_schema(file: str = _SCHEMA) -> dict[str, Any]:
    """Return the JSON Schema of the results document."""
    text = files("schemaproof").joinpath(file).read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def _verdict(document: Mapping[str, Any]) -> str:
    return "findings" if _is_bad(document) else "clean"


def _is_bad(document: Mapping[str, Any]) -> bool:
    findings: Iterable[Mapping[str, Any]] = document["findings"]
    return (
        any(found["level"] == Level.ERROR and found["excluded"] is None and not found["known"] for found in findings)
        or any(found["status"] == "broken" for found in document["checks"])
        or any(test["outcome"] in ("failed", "error") for test in document["tests"])
    )
