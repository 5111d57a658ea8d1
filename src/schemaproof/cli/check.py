"""`schemaproof check` proves the schema."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemaproof.cli.adoption import Adoption, BaselineOption, WriteBaselineOption
from schemaproof.cli.options import (
    ConfigOption,
    CreateRolesOption,
    DsnOption,
    ImageOption,
    MigrationsOption,
    PgVersionOption,
    PlatformOption,
    ReuseOption,
    RollbacksOption,
    ServerKind,
    ServerOption,
    server_spec,
)
from schemaproof.cli.progress import session_shown
from schemaproof.cli.reports import FormatsOption, OutputsOption, Reports

if TYPE_CHECKING:
    from schemaproof.config import Target
    from schemaproof.server import ServerSpec

__all__ = ["check", "prove_target"]

OnlyOption = Annotated[
    list[str] | None, typer.Option("--only", metavar="CHECK", help="Run this check alone; may be repeated.")
]
SuitesOption = Annotated[bool, typer.Option("--suites/--no-suites", help="Run the project's own pytest suites too.")]


def check(
    server: ServerOption = ServerKind.AUTO,
    pg_version: PgVersionOption = None,
    image: ImageOption = None,
    reuse: ReuseOption = False,
    dsn: DsnOption = None,
    create_roles: CreateRolesOption = False,
    config: ConfigOption = None,
    migrations: MigrationsOption = None,
    rollbacks: RollbacksOption = None,
    platform: PlatformOption = None,
    only: OnlyOption = None,
    suites: SuitesOption = True,
    styles: FormatsOption = None,
    outputs: OutputsOption = None,
    baseline: BaselineOption = None,
    write_baseline: WriteBaselineOption = False,
) -> None:
    """Build the schema on a real PostgreSQL and prove it.

    Exit code 0: clean. 1: findings. 2: usage or environment.

    [bold]Examples[/bold]

    schemaproof check

    schemaproof check --server system --pg-version 15 --only isolation

    schemaproof check --migrations supabase/migrations --output junit.xml

    schemaproof check --migrations dump.sql --platform plain

    schemaproof check --output results.json --output schemaproof.sarif --output markdown:summary.md

    schemaproof check --format github --output gitlab:code-quality.json

    schemaproof check --write-baseline
    """
    # Imported here: --help must not wait for psycopg and pglast.
    from schemaproof.config import load_target
    from schemaproof.results import exit_code

    target = load_target(
        config=config, migrations=migrations, rollbacks=rollbacks, platform=platform, baseline=baseline
    )
    adoption = Adoption.prepare(target, partial=bool(only)) if write_baseline else None
    reports = Reports.read(styles or (), outputs or (), taken=[adoption.path] if adoption else [])
    document = prove_target(
        adoption.of(target) if adoption else target,
        server_spec(server, pg_version, dsn, image, reuse=reuse),
        suites=suites and not only,
        only=only or (),
        create_roles=create_roles,
    )
    if adoption:
        document = adoption.write(document)
    reports.write(document)
    raise typer.Exit(exit_code(document))


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

    from schemaproof.acceptance import refuse_unknown
    from schemaproof.checks import select_checks
    from schemaproof.run import prove, run_checks

    wanted = select_checks(only)
    refuse_unknown(target)
    _ = target.known  # a baseline that cannot be read is told before a server starts, too
    console = Console(stderr=True)
    for note in target.folder.notes:  # what is wrong with the files is told before a server starts
        console.print(f"note: {note}", markup=False, highlight=False, soft_wrap=True)
    run = prove if suites else run_checks

    with session_shown(target, spec, create_roles=create_roles) as (session, tell):
        return run(session, wanted, tell).document()
