"""`schemaproof check` proves the schema; `schemaproof checks` says what is proved."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemaproof.cli.ending import end_if_asked
from schemaproof.cli.options import (
    ConfigOption,
    CreateRolesOption,
    DsnOption,
    MigrationsOption,
    PgVersionOption,
    PlatformOption,
    RollbacksOption,
    ServerKind,
    ServerOption,
    server_spec,
)
from schemaproof.cli.output import require_writable, write_whole
from schemaproof.errors import UsageError

if TYPE_CHECKING:
    from schemaproof.config import Target
    from schemaproof.server import ServerSpec

__all__ = ["check", "checks", "prove_target"]

_OTHER_FILE = "Give --output another file."
OnlyOption = Annotated[
    list[str] | None, typer.Option("--only", metavar="CHECK", help="Run this check alone; may be repeated.")
]
SuitesOption = Annotated[bool, typer.Option("--suites/--no-suites", help="Run the project's own pytest suites too.")]
FormatOption = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text, json or junit.")]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write the report there; the terminal gets the text."),
]


def check(
    server: ServerOption = ServerKind.AUTO,
    pg_version: PgVersionOption = None,
    dsn: DsnOption = None,
    create_roles: CreateRolesOption = False,
    config: ConfigOption = None,
    migrations: MigrationsOption = None,
    rollbacks: RollbacksOption = None,
    platform: PlatformOption = None,
    only: OnlyOption = None,
    suites: SuitesOption = True,
    style: FormatOption = "text",
    output: OutputOption = None,
) -> None:
    """Build the schema on a real PostgreSQL and prove it.

    Exit code 0: clean. 1: findings. 2: usage or environment.

    [bold]Examples[/bold]

    schemaproof check

    schemaproof check --server system --pg-version 15 --only isolation

    schemaproof check --migrations supabase/migrations --format junit --output junit.xml

    schemaproof check --migrations dump.sql --platform plain
    """
    # Imported here: --help must not wait for psycopg and pglast.
    from schemaproof.config import load_target
    from schemaproof.report import FORMATS, render
    from schemaproof.results import exit_code

    if style not in FORMATS:
        raise UsageError(f"unknown format {style!r}", remedy=f"Formats: {', '.join(FORMATS)}.")
    target = load_target(config=config, migrations=migrations, rollbacks=rollbacks, platform=platform)
    if output:
        require_writable(output, remedy=_OTHER_FILE)
    document = prove_target(
        target,
        server_spec(server, pg_version, dsn),
        suites=suites and not only,
        only=only or (),
        create_roles=create_roles,
    )
    try:
        if output:
            write_whole(output, render(document, style), remedy=_OTHER_FILE)
    finally:
        _show(document, "text" if output else style)
    raise typer.Exit(exit_code(document))


def checks() -> None:
    """List the checks: what each one is called and which harm it prevents."""
    from schemaproof.checks import all_checks

    for found in all_checks():
        typer.echo(f"{found.name:14} {found.level:8} {found.summary}")


def _show(document: Mapping[str, Any], style: str) -> None:
    from schemaproof.report import render

    colored = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if colored else 80
    typer.echo(render(document, style, color=colored, width=width), nl=False)


def prove_target(
    target: "Target",
    spec: "ServerSpec",
    *,
    suites: bool,
    only: Sequence[str] = (),
    create_roles: bool = False,
) -> Mapping[str, Any]:
    """Open a server, run the checks named in `only` (all: none named), and the suites; return the results document.

    Raises:
        ServerError: there is no server, or it failed on the way.
    """
    from rich.console import Console

    from schemaproof.checks import select_checks
    from schemaproof.run import prove, run_checks
    from schemaproof.server import outages_told
    from schemaproof.session import open_session

    wanted = select_checks(only)
    console = Console(stderr=True)
    for note in target.folder.notes:  # what is wrong with the files is told before a server starts
        console.print(f"note: {note}", markup=False, highlight=False, soft_wrap=True)
    run = prove if suites else run_checks

    def tell(what: str) -> None:
        end_if_asked()
        status.update(what)

    with (
        outages_told(),
        console.status("starting PostgreSQL") as status,
        open_session(target, spec, create_roles=create_roles) as session,
    ):
        document = run(session, wanted, tell).document()
    end_if_asked()
    return document
