"""The committed baseline: shapes, buffers and WAL of every case, by major version; and what is not as it says."""

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemaproof.bench.indexes import Index
from schemaproof.bench.measure import Measurement
from schemaproof.errors import UsageError
from schemaproof.findings import Finding, Location

__all__ = ["Baseline", "Change", "compare", "facts_of", "findings", "read_baseline", "text_of"]

# Two loads of one seed read the same pages; what is left are pages that a moved clock or another build shifts.
_TOLERANCE, _PAGES, _BYTES = 0.10, 5, 512
# A new row's page is looked for among those that had room for it when they were counted last.
_PAGES_OF_WRITES = 16
_FORMAT = 1


@dataclass(frozen=True)
class Baseline:
    """What was accepted: `queries` by case and mode, `indexes` by name."""

    path: Path
    profile: str
    seed: int
    queries: Mapping[str, Mapping[str, Any]]
    indexes: Sequence[str]

    def line(self, key: str) -> int:
        """Return the line of the file on which a case stands."""
        lines = self.path.read_text(encoding="utf-8").splitlines()
        return next((number for number, line in enumerate(lines, 1) if json.dumps(key) in line), 1)


@dataclass(frozen=True)
class Change:
    """One difference: `what` is `shape`, `indexes`, `buffers`, `wal`, `new` or `gone`."""

    key: str
    what: str
    before: str
    after: str


def read_baseline(path: Path, *, major: int) -> Baseline | None:
    """Return the baseline of a major version; None where there is none.

    Raises:
        UsageError: a file that is no baseline, or one of another major version, by file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"baseline {path}: {error.strerror}", remedy="Mend the file.") from error
    try:
        found = json.loads(text)
        baseline = Baseline(path, found["profile"], found["seed"], found["queries"], found["indexes"])
        written = found["major"]
    except (ValueError, KeyError, TypeError) as error:
        line = getattr(error, "lineno", 1)
        raise UsageError(f"{path}:{line}: no baseline: {error}", remedy="Write it anew: --accept.") from error
    if written != major:
        line = next((n for n, each in enumerate(text.splitlines(), 1) if '"major"' in each), 1)
        raise UsageError(
            f"{path}:{line}: a baseline of PostgreSQL {written}, and this is {major}",
            remedy="Plans of different major versions are not compared: write one for this version with --accept.",
        )
    return baseline


def text_of(
    measurements: Iterable[Measurement],
    indexes: Iterable[Index],
    ties: frozenset[str],
    *,
    major: int,
    profile: str,
    seed: int,
) -> str:
    """Return the text of a baseline file: sorted, and a line a fact, so that its diff can be read."""
    document = {
        "format": _FORMAT,
        "major": major,
        "profile": profile,
        "seed": seed,
        "indexes": sorted(index.name for index in indexes),
        "queries": dict(sorted(facts_of(measurements, ties).items())),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def compare(baseline: Baseline, measurements: Sequence[Measurement], ties: frozenset[str]) -> Iterator[Change]:
    """Yield what is not as the baseline has it; a plan that is a cost tie may change its shape, by the same indexes."""
    now = facts_of(measurements, ties)
    for key in sorted(now.keys() | baseline.queries.keys()):
        before, after = baseline.queries.get(key), now.get(key)
        if before is None:
            yield Change(key, "new", "", "\n".join((after or {}).get("shape", ())))
        elif after is None:
            yield Change(key, "gone", "\n".join(before.get("shape", ())), "")
        else:
            yield from _changes(key, before, after)


def findings(baseline: Baseline, changes: Iterable[Change]) -> Iterator[Finding]:
    """Yield a finding for each case that changed, with a diff."""
    by_key: dict[str, list[Change]] = {}
    for change in changes:
        by_key.setdefault(change.key, []).append(change)
    for key, found in by_key.items():
        told = ", ".join(_told(change) for change in found)
        yield Finding(
            "baseline",
            key,
            f"{key}: {told}",
            "Mend what changed it; where it is meant, accept it: schemaproof bench --accept.",
            detail="\n".join(line for change in found for line in _diff(change)),
            location=Location(baseline.path, baseline.line(key)),
        )


def facts_of(measurements: Iterable[Measurement], ties: frozenset[str] = frozenset()) -> dict[str, dict[str, Any]]:
    """Return what a baseline holds of each case and mode, as JSON values."""
    found: dict[str, dict[str, Any]] = {}
    for each in measurements:
        for probe in each.probes:
            key = f"{each.case.key} / {probe.mode}"
            entry: dict[str, Any] = {"indexes": sorted(probe.indexes)}
            if key in ties:
                entry["tie"] = True
            if probe is each.custom or probe.shape != each.custom.shape:  # a generic plan is usually the same
                entry["shape"] = list(probe.shape)
            if probe is each.custom:
                entry |= {"rows": probe.rows, "buffers": probe.buffers, "wal": probe.wal}
            found[key] = entry
    return found


def _changes(key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    tie = before.get("tie")
    if before["indexes"] != after["indexes"]:
        yield Change(key, "indexes", "\n".join(before["indexes"]), "\n".join(after["indexes"]))
    old_shape, new_shape = before.get("shape", ()), after.get("shape", ())
    if list(old_shape) != list(new_shape) and not tie:
        yield Change(key, "shape", "\n".join(old_shape), "\n".join(new_shape))
    pages = _PAGES_OF_WRITES if before.get("wal") and after.get("wal") else _PAGES
    for what, least in (("buffers", pages), ("wal", _BYTES)):
        old, new = before.get(what), after.get(what)
        if old is not None and new is not None and abs(new - old) > max(old * (1 if tie else _TOLERANCE), least):
            yield Change(key, what, str(old), str(new))


def _told(change: Change) -> str:
    match change.what:
        case "buffers" | "wal":
            return f"{change.what} {change.before} before, {change.after} now"
        case "new":
            return "not in the baseline"
        case "gone":
            return "in the baseline, and not measured"
        case _:
            return f"another {'set of indexes' if change.what == 'indexes' else 'shape'}"


def _diff(change: Change) -> Iterator[str]:
    if change.what in ("shape", "indexes", "new", "gone"):
        yield from difflib.unified_diff(
            change.before.splitlines(), change.after.splitlines(), "baseline", "now", lineterm="", n=2
        )
