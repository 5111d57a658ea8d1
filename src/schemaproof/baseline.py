"""The findings that a project had when it adopted schemaproof: later runs know them, and fail on new ones only."""

import json
from collections.abc import Iterable, Mapping
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
    """Known findings: their keys, each with the level at which it is known."""

    levels: Mapping[str, Level] = field(default_factory=dict)

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
            return cls({entry["key"]: Level(entry["level"]) for entry in document["findings"]})
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"baseline {path} is no baseline of schemaproof", remedy=_ANEW) from error

    @classmethod
    def of(cls, findings: Iterable[Mapping[str, Any]]) -> "Baseline":
        """Make a baseline of findings as the results document has them; of one key the heaviest level counts."""
        levels: dict[str, Level] = {}
        for found in findings:
            level = Level(found["level"])
            if found["key"] not in levels or level.outweighs(levels[found["key"]]):
                levels[found["key"]] = level
        return cls(levels)

    def knows(self, finding: Finding) -> bool:
        """Tell whether the finding is known; one that weighs more than it did is new."""
        level = self.levels.get(finding.key)
        return level is not None and not finding.level.outweighs(level)

    def text(self) -> str:
        """Return the file: sorted, a line a finding, so that a diff shows what came and what went."""
        lines = [json.dumps({"key": key, "level": level}, ensure_ascii=False) for key, level in self._sorted()]
        listed = "[\n    " + ",\n    ".join(lines) + "\n  ]" if lines else "[]"
        return f'{{\n  "version": {_VERSION},\n  "findings": {listed}\n}}\n'

    def _sorted(self) -> list[tuple[str, Level]]:
        return sorted(self.levels.items())
