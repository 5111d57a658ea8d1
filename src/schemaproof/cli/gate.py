"""`schemaproof gate` proves what a change makes of a schema, against the state that it starts from."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

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
    from collections.abc import Mapping

    from schemaproof.gate import Sides
    from schemaproof.server import ServerSpec

__all__ = ["gate"]

BaseOption = Annotated[
    str, typer.Option("--base", metavar="REF|DIR", help="What the change starts from: a commit, or a folder.")
]
HeadOption = Annotated[
    str | None,
    typer.Option("--head", metavar="REF|DIR", help="The change: a commit, or a folder; default: the work tree."),
]

FireOption = Annotated[
    bool, typer.Option("--fire/--no-fire", help="Let clients read and write what new migrations lock, and time them.")
]

TimeoutOption = Annotated[
    int,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=1,
        help="For one statement, after which it is ended and named; not on a DSN.",
    ),
]


def gate(
    base: BaseOption,
    head: HeadOption = None,
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
    fire: FireOption = True,
    timeout: TimeoutOption = 300,
    styles: FormatsOption = None,
    outputs: OutputsOption = None,
) -> None:
    """Prove what a change makes of a schema: files, locks, the way back, data, isolation, privileges, objects.

    What the base has already is known; what is new decides. A folder starts with . or /, or no commit is called so.

    Exit code 0: it may merge. 1: findings. 2: usage or environment.

    [bold]Examples[/bold]

    schemaproof gate --base origin/main

    schemaproof gate --base v1.4 --head feature --format markdown

    schemaproof gate --base ../before --head . --output gate.json --output gate.sarif

    schemaproof gate --base origin/main --migrations services/orders/migrations

    schemaproof gate --base origin/main --format github --output comment.md
    """
    # Imported here: --help must not wait for psycopg and pglast.
    from schemaproof.gate import Given, open_sides
    from schemaproof.results import exit_code

    spec = _limited(server_spec(server, pg_version, dsn, image, reuse=reuse), timeout)
    reports = Reports.read(styles or (), outputs or ())
    given = Given(config, migrations, rollbacks, platform)
    with open_sides(base, head, given=given) as sides:
        document = sides.spell(_proved(sides, spec, create_roles=create_roles, fire=fire, timeout=timeout))
    reports.write(document)
    raise typer.Exit(exit_code(document))


def _limited(spec: "ServerSpec", seconds: int) -> "ServerSpec":
    """Have a started server end statements by itself: a migration that hangs would hang the gate."""
    if spec.kind == "dsn":
        return spec
    return replace(spec, settings={**spec.settings, "statement_timeout": f"{seconds}s"})


def _proved(sides: "Sides", spec: "ServerSpec", *, create_roles: bool, fire: bool, timeout: int) -> "Mapping[str, Any]":
    from rich.console import Console

    from schemaproof.acceptance import refuse_unknown
    from schemaproof.gate import Changes, base_checked, run_gate, unchanged, unreadable

    target = sides.head.target
    if target.folder.defects:
        return unreadable(sides)
    if not sides.head.history and not sides.base.history:
        _ = replace(target, lenient=False).folder  # raises what there is to say of it
    changes = Changes.of(sides)
    refuse_unknown(target)
    _ = target.known  # a baseline that cannot be read is told before a server starts, too
    console = Console(stderr=True)
    for note in target.folder.notes:
        console.print(f"note: {note}", markup=False, highlight=False, soft_wrap=True)
    if not changes or not sides.head.history:
        return unchanged(sides)
    with (
        base_checked(sides, spec, create_roles=create_roles) as aside,
        session_shown(target, spec, create_roles=create_roles) as (session, tell),
    ):
        # Sooner than the server, which cannot say what a statement waited for.
        return run_gate(session, sides, changes, aside, tell, fire=fire, timeout=0.9 * timeout).document()
