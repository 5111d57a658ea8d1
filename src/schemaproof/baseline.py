"""The findings that a project had when it adopted schemaproof: later runs know them, and fail on new ones only."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schemaproof.errors import UsageError
from schemaproof.findings import Finding, Level

__all__ = ["BASELINE_FILE", "Baseline"]

BASELINE_FILE = "schemaproof-baseline.json"
_VERSION = 1
_ANEW = "Write it anew: schemaproof check --write-baseline."


@dataclass(frozen=True)
class Baseline:
    """Known findings.

    Args:
        levels: by key, the level at which it is known.
        audiences: by key, for whom it is known; for everybody where there is none.
    """

    levels: Mapping[str, Level] = field(default_factory=dict)
    audiences: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Baseline":
        """Read a file that `text` made.

        Raises:
            UsageError: it cannot be read, is no baseline, or one of another version.
        """
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise UsageError(f"baseline {path}: {error.strerror}", remedy=_ANEW) from error
        except ValueError as error:
            raise UsageError(f"baseline {path} is not JSON: {error}", remedy=_ANEW) from error
        if isinstance(document, dict) and document.get("version", _VERSION) != _VERSION:
            raise UsageError(
                f"baseline {path} is of version {document['version']}, this schemaproof reads version {_VERSION}",
                remedy=f"{_ANEW} Or use the schemaproof that wrote it.",
            )
        try:
            return cls(
                {entry["key"]: Level(entry["level"]) for entry in document["findings"]},
                {entry["key"]: _audience(entry) for entry in document["findings"] if "audience" in entry},
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"baseline {path} is no baseline of schemaproof", remedy=_ANEW) from error

    @classmethod
    def of(cls, findings: Iterable[Mapping[str, Any]]) -> "Baseline":
        """Make a baseline of findings as the results document has them; of one key the heaviest level counts."""
        levels: dict[str, Level] = {}
        audiences: dict[str, frozenset[str]] = {}
        for found in findings:
            level = Level(found["level"])
            if found["key"] not in levels or level.outweighs(levels[found["key"]]):
                levels[found["key"]] = level
            if audience := found.get("audience"):
                audiences[found["key"]] = audiences.get(found["key"], frozenset()).union(audience)
        return cls(levels, audiences)

    def with_those_of(self, other: "Baseline", checks: Collection[str]) -> "Baseline":
        """Add what another baseline holds of these checks."""
        kept = {key for key in other.levels if key.partition(":")[0] in checks} - set(self.levels)
        return Baseline(
            {**{key: other.levels[key] for key in kept}, **self.levels},
            {**{key: other.audiences[key] for key in kept & set(other.audiences)}, **self.audiences},
        )

    def knows(self, finding: Finding) -> bool:
        """Tell whether the finding is known; one that weighs more than it did, or that others can do too, is new."""
        level, audience = self.levels.get(finding.key), self.audiences.get(finding.key)
        if level is None or finding.level.outweighs(level):
            return False
        return audience is None or audience.issuperset(finding.audience)

    def text(self) -> str:
        """Return the file: sorted, a line a finding, so that a diff shows what came and what went."""
        lines = [json.dumps(self._entry(key), ensure_ascii=False) for key in sorted(self.levels)]
        listed = "[\n    " + ",\n    ".join(lines) + "\n  ]" if lines else "[]"
        return f'{{\n  "version": {_VERSION},\n  "findings": {listed}\n}}\n'

    def _entry(self, key: str) -> dict[str, Any]:
        audience = {"audience": sorted(self.audiences[key])} if key in self.audiences else {}
        return {"key": key, "level": self.levels[key]} | audience


def _audience(entry: Mapping[str, Any]) -> frozenset[str]:
    if not isinstance(entry["audience"], list):
        raise TypeError(entry["audience"])
    return frozenset(map(str, entry["audience"]))
