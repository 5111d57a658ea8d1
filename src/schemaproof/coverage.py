"""Which requirement is proved by what: the clauses of a requirements file against the checks and tests of a run."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from schemaproof.errors import UsageError
from schemaproof.findings import Finding, Level, Location
from schemaproof.outcomes import CheckResult, TestResult

__all__ = ["Clause", "Proof", "cover", "read_requirements", "unproved"]

_ROW = re.compile(r"^\|\s*(?P<id>\d+(?:\.\d+)+)\s*\|(?P<text>[^|]*)\|(?P<checks>[^|]*)(?:\||$)")


@dataclass(frozen=True)
class Proof:
    """A check or test that names a clause: `outcome` as in the results, `reason` why a test was skipped."""

    kind: str
    id: str
    outcome: str
    reason: str = ""


@dataclass(frozen=True)
class Clause:
    """One requirement.

    Args:
        id: its number (`3.4`).
        text: what is required.
        checks: checks that prove it, as the requirements file says.
        location: the row.
        proofs: what names it in a run.
    """

    id: str
    text: str
    checks: tuple[str, ...]
    location: Location
    proofs: tuple[Proof, ...] = ()

    @property
    def status(self) -> str:
        """`proved`: something passed and nothing failed; `failed`: something did; `unproved`: nothing passed."""
        outcomes = {proof.outcome for proof in self.proofs}
        if outcomes & {"failed", "error", "broken"}:
            return "failed"
        return "proved" if "passed" in outcomes else "unproved"

    def values(self) -> dict[str, Any]:
        """Return the clause as a results document has it."""
        proofs = [asdict(proof) for proof in self.proofs]
        return {"id": self.id, "text": self.text, "status": self.status, "proofs": proofs}


def read_requirements(path: Path) -> tuple[Clause, ...]:
    """Return the clauses of a Markdown file: rows `| id | requirement | checks |` of its tables.

    Raises:
        UsageError: no such file, no row of that form, or an id that stands twice.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UsageError(
            f"requirements {path}: {error.strerror}", remedy="Mend `requirements` in the settings."
        ) from error
    clauses = tuple(_clauses(path, lines))
    if not clauses:
        raise UsageError(
            f"{path} holds no requirement", remedy="Write them as rows: | 1.1 | what is required | checks |."
        )
    ids = [clause.id for clause in clauses]
    if twice := next((found for found in ids if ids.count(found) > 1), None):
        raise UsageError(f"{path}: the requirement {twice} stands twice", remedy="Give each its own id.")
    return clauses


def cover(clauses: Sequence[Clause], checks: Sequence[CheckResult], tests: Sequence[TestResult]) -> tuple[Clause, ...]:
    """Return the clauses with what proves them in this run.

    Raises:
        UsageError: a test or a clause names what does not exist: it would be taken for proved, or never be.
    """
    known = {clause.id for clause in clauses}
    for test in tests:
        if strange := [found for found in test.requirements if found not in known]:
            raise UsageError(f"{test.id} proves {strange[0]}, which is no requirement", remedy="Mend its marker `req`.")
    ran = {check.name: check for check in checks}
    return tuple(replace(clause, proofs=tuple(_proofs(clause, ran, tests))) for clause in clauses)


def unproved(clauses: Sequence[Clause]) -> Iterator[Finding]:
    """Yield a finding for each clause that nothing proves; a warning where its tests could not run on this machine."""
    for clause in clauses:
        if clause.status == "unproved":
            skips = dict.fromkeys(proof.reason for proof in clause.proofs if proof.outcome == "skipped")
            yield _not_proved_here(clause, "; ".join(skips)) if skips else _not_proved(clause)


def _not_proved(clause: Clause) -> Finding:
    return Finding(
        "coverage",
        clause.id,
        f"requirement {clause.id} is not proved: {clause.text}",
        f'Write a test marked @pytest.mark.req("{clause.id}"), or exclude it with the reason.',
        location=clause.location,
    )


def _not_proved_here(clause: Clause, reason: str) -> Finding:
    return Finding(
        "coverage",
        clause.id,
        f"requirement {clause.id} is not proved here ({reason}): {clause.text}",
        "Run where its tests are not skipped.",
        level=Level.WARNING,
        location=clause.location,
    )


def _clauses(path: Path, lines: Sequence[str]) -> Iterator[Clause]:
    for number, line in enumerate(lines, 1):
        if row := _ROW.match(line):
            checks = tuple(name.strip(" `") for name in row["checks"].split(",") if name.strip(" `"))
            yield Clause(row["id"], row["text"].strip(), checks, Location(path, number))


def _proofs(clause: Clause, ran: dict[str, CheckResult], tests: Sequence[TestResult]) -> Iterator[Proof]:
    for name in clause.checks:
        if name not in ran:
            raise UsageError(
                f"{clause.location}: no check {name!r} was run", remedy="Name a check of `schemaproof checks`."
            )
        yield Proof("check", name, ran[name].status)
    for test in tests:
        if clause.id in test.requirements:
            reason = test.message.removeprefix("Skipped: ") if test.outcome == "skipped" else ""
            yield Proof("test", test.id, test.outcome, reason)
