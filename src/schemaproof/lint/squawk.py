"""squawk's findings as ours: its rules of style are notes, its rules of locks warnings; what is new locks nobody."""

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from shutil import which
from typing import Any

from schemaproof.errors import UsageError, did_you_mean
from schemaproof.findings import Finding, Level, Location
from schemaproof.lint.options import Options
from schemaproof.lint.step import Step
from schemaproof.lint.targets import Subject
from schemaproof.migrations import Migration

__all__ = ["HARM", "NAME", "known_rules", "squawk"]

NAME = "squawk"
HARM = "A statement that squawk knows to lock, to break clients, or to be of a type that is regretted later."
_INSTALL = "pip install 'schemaproof[gate]'"
# Rules with a lock or a scan behind them, or with a client that breaks. Those of style and taste are notes.
_WARNINGS = frozenset(
    (
        "adding-field-with-default",
        "adding-foreign-key-constraint",
        "adding-not-nullable-field",
        "adding-required-field",
        "adding-serial-primary-key-field",
        "ban-alter-domain-with-add-constraint",
        "ban-drop-database",
        "ban-truncate-cascade",
        "ban-uncommitted-transaction",
        "changing-column-type",
        "constraint-missing-not-valid",
        "disallowed-unique-constraint",
        "identifier-too-long",
        "renaming-column",
        "renaming-table",
        "require-concurrent-index-creation",
        "require-concurrent-partition-detach",
        "require-concurrent-reindex",
    )
)
# Rules of what a statement loses: told, since the lock trace and the proof of data weigh it.
_NOTES = frozenset(("ban-drop-column", "ban-drop-not-null", "ban-drop-table", "require-concurrent-index-deletion"))
# Rules of types, which hold for a new table too, and for it above all.
_OF_TYPES = frozenset(
    (
        "ban-char-field",
        "ban-create-domain-with-constraint",
        "prefer-bigint-over-int",
        "prefer-bigint-over-smallint",
        "prefer-identity",
        "prefer-text-field",
        "prefer-timestamp-tz",
    )
)
# What does not hold for files that run in one transaction, with CONCURRENTLY on its own; what says of a DROP that it is
# one; and matters of taste in nearly every statement. `syntax-error` is told by our own parser.
_OFF = frozenset(
    (
        "ban-concurrent-index-creation-in-transaction",
        "ban-drop-constraint",
        "ban-drop-domain",
        "ban-drop-extension",
        "ban-drop-function",
        "ban-drop-index",
        "ban-drop-schema",
        "ban-drop-sequence",
        "ban-drop-type",
        "ban-drop-view",
        "prefer-repack",
        "prefer-robust-stmts",
        "renaming-object",
        "require-enum-value-ordering",
        "require-lock-timeout",
        "require-statement-timeout",
        "require-timeout-settings",
        "syntax-error",
        "transaction-nesting",
        "unused-ignore",
    )
)


def squawk(
    migrations: Sequence[Migration], subjects: Mapping[Step, Subject], options: Options, covered: Iterable[str]
) -> Iterator[Finding]:
    """Run squawk once over all files, and yield what it finds on what is there before them.

    Args:
        migrations: those that are looked at.
        subjects: their statements, with what each is about.
        options: of the project; a .squawk.toml at its root holds too.
        covered: rules that ours know more of.

    Raises:
        UsageError: the settings ask for squawk, and it is not installed; an unknown rule; squawk failed.
    """
    settings = options.settings
    if settings.squawk is False or not migrations:
        return
    _refuse_unknown(settings.squawk_exclude)
    program = _program()
    if program is None:
        if settings.squawk:
            raise UsageError("the settings ask for squawk, and it is not installed", remedy=f"Install it: {_INSTALL}")
        yield _missing()
        return
    off = _OFF.union(covered, settings.squawk_exclude)
    spans = _spans(subjects)
    for migration, found in _run(program, migrations, options.root):
        if found["rule_name"] not in off and (finding := _finding(migration, found, spans)):
            yield finding


def known_rules() -> frozenset[str]:
    """Return the rules of squawk that are known here; what it knows besides is a note."""
    return _WARNINGS | _NOTES | _OF_TYPES | _OFF


def _refuse_unknown(names: Iterable[str]) -> None:
    known = sorted(known_rules())
    for name in names:
        if name not in known:
            remedy = did_you_mean(name, known, otherwise=f"Rules that can be left out: {', '.join(known)}.")
            raise UsageError(f"the setting `lint.squawk`: squawk has no rule {name!r}", remedy=remedy)


def _program() -> str | None:
    beside = Path(sys.executable).with_name("squawk")
    return str(beside) if beside.is_file() else which("squawk")


def _missing() -> Finding:
    return Finding(
        NAME,
        NAME,
        "squawk is not installed, so that its rules of locks and types were not asked",
        f"{_INSTALL}; or set squawk = false under [tool.schemaproof.lint].",
        level=Level.NOTE,
        key=f"{NAME}:missing",
    )


def _run(program: str, migrations: Sequence[Migration], root: Path | None) -> Iterator[tuple[Migration, Any]]:
    """Write the texts as they were read, and have squawk look at them; it finds its settings from `root` upwards."""
    with tempfile.TemporaryDirectory(prefix="schemaproof-") as folder:
        files = {str(Path(folder) / f"{number}.sql"): each for number, each in enumerate(migrations)}
        for name, migration in files.items():
            Path(name).write_text(migration.text, encoding="utf-8", newline="")
        command = [program, "--reporter", "json", "--assume-in-transaction", *files]
        done = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)
        try:
            answers = json.loads(done.stdout)
        except ValueError:
            told = done.stderr.strip() or f"exit code {done.returncode}"
            raise UsageError(
                f"squawk failed: {told}", remedy="Mend its settings (.squawk.toml), or update it."
            ) from None
    yield from ((files[answer["file"]], answer) for answer in answers)


def _spans(subjects: Mapping[Step, Subject]) -> Mapping[Path, list[tuple[range, Subject]]]:
    """Return, for each file, the lines of its statements with what each is about."""
    spans: dict[Path, list[tuple[range, Subject]]] = defaultdict(list)
    for step, subject in subjects.items():
        first = step.statement.line
        spans[step.migration.path].append((range(first, first + step.statement.sql.count("\n") + 1), subject))
    return spans


def _finding(migration: Migration, found: Any, spans: Mapping[Path, list[tuple[range, Subject]]]) -> Finding | None:
    line, rule = int(found["line"]) + 1, str(found["rule_name"])
    subject = next((subject for lines, subject in spans[migration.path] if line in lines), None)
    if subject is None or (subject.is_new and rule not in _OF_TYPES):
        return None
    return Finding(
        NAME,
        subject.object,
        f"{rule}: {found['message']}",
        str(found["help"] or f"See squawk's page on {rule}."),
        level=Level.WARNING if rule in _WARNINGS else Level.NOTE,
        location=Location(migration.path, line),
        key=f"{NAME}:{migration.version}:{rule}:{subject.object}",
    )
