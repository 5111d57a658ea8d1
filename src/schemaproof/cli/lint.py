"""`schemaproof lint` looks at migrations' text, without a server: for an editor, and before a commit."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemaproof.cli.options import ConfigOption, MigrationsOption, PlatformOption
from schemaproof.cli.reports import OutputsOption, Reports
from schemaproof.errors import UsageError
from schemaproof.report import LINT_FORMATS

if TYPE_CHECKING:
    from schemaproof.config import Target
    from schemaproof.migrations import Migration

__all__ = ["lint"]

FilesArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE]…", help="What is new; the project's other migrations are there before it."),
]
FormatsOption = Annotated[
    list[str] | None, typer.Option("--format", metavar="FORMAT", help=f"{', '.join(LINT_FORMATS[:-1])} or sarif.")
]


def lint(
    files: FilesArgument = None,
    config: ConfigOption = None,
    migrations: MigrationsOption = None,
    platform: PlatformOption = None,
    styles: FormatsOption = None,
    outputs: OutputsOption = None,
) -> None:
    """Look at the text of migrations, without a server.

    With files, these are new, and the project's migrations before them are what they meet. Without, all are new:
    a lock on a table that they make themselves harms nobody.

    Exit code 0: no errors. 1: errors. 2: usage, or a file that cannot be read or parsed.

    [bold]Examples[/bold]

    schemaproof lint supabase/migrations/20250131120000_phone.sql

    schemaproof lint --format github

    schemaproof lint --output schemaproof.sarif
    """
    from datetime import UTC, datetime

    from schemaproof.lint import Options, document_of
    from schemaproof.lint import lint as look
    from schemaproof.migrations import MigrationError

    started = datetime.now(UTC)
    reports = Reports.read(styles or (), outputs or (), formats=LINT_FORMATS)
    target = _target(files, config, migrations, platform)
    try:
        new, before = _parted(target, files or ())
        findings = look(new, before=before, options=Options.of(target))
    except MigrationError as error:  # there is no server whose judgement it could be
        raise UsageError(error.message, remedy=error.remedy) from error
    document = document_of(target, new, findings, started)
    reports.write(document)
    raise typer.Exit(int(document["verdict"] != "clean"))


def _target(
    files: Sequence[Path] | None, config: Path | None, migrations: Path | None, platform: str | None
) -> "Target":
    """Return the project, or, where no settings say where its migrations are, the folder of the first file."""
    from schemaproof.config import load_target

    try:
        return load_target(config=config, migrations=migrations, platform=platform)
    except UsageError:
        if not files or migrations is not None or not files[0].exists():
            raise
        return load_target(config=config, migrations=files[0].parent, platform=platform)


def _parted(target: "Target", files: Sequence[Path]) -> tuple[list["Migration"], list["Migration"]]:
    """Part the project's migrations into those that are looked at and those before them.

    A file that is none of them, a rollback say, follows them all.
    """
    if not files:
        return list(target.history), []
    wanted = {path.resolve(): path for path in files}
    for path in files:
        if path.is_dir():
            raise UsageError(f"{path} is a folder", remedy="Give files; or the folder as --migrations.")
    history = list(target.history) if target.migrations.exists() and _has_any(target) else []
    within = [migration for migration in history if migration.path.resolve() in wanted]
    others = wanted.keys() - {migration.path.resolve() for migration in within}
    outside = [_read(path) for resolved, path in wanted.items() if resolved in others]
    last = within[-1].version if within and not outside else None
    before = [each for each in history if each not in within and (last is None or each.version < last)]
    return [*within, *outside], before


def _has_any(target: "Target") -> bool:
    return target.is_file or any(target.migrations.glob("[0-9]*_*.sql"))


def _read(path: Path) -> "Migration":
    from schemaproof.migrations import Migration
    from schemaproof.migrations.source import read_source

    digits = path.stem.partition("_")[0]
    return Migration(digits if digits.isdigit() else path.stem, path.stem, path.resolve(), read_source(path, []))
