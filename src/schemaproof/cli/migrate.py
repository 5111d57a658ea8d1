"""`schemaproof migrate` moves a database forward and back and says where it stands, on a DSN or on a new server."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemaproof.cli.options import (
    ConfigOption,
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
from schemaproof.errors import ServerError, UsageError

if TYPE_CHECKING:
    import psycopg

    from schemaproof.config import Target
    from schemaproof.migrations import Migration, Step
    from schemaproof.server import ServerSpec

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    help="""Move a database forward and back, with the ledger of the Supabase CLI.

    With --dsn (or --server dsn and DATABASE_URL) the database that it names is read and written. Otherwise a server is
    started, the platform set up on it, and everything is gone afterwards: a dry run from nothing.

    One runner at a time holds an advisory lock of its session; a second one waits. A pooler in transaction mode
    (port 6543 of a Supabase project) cannot hold it: connect directly, or in session mode (port 5432).
    """,
)

RoleOption = Annotated[
    str | None,
    typer.Option(
        "--role", metavar="NAME", help="Role to run as on a DSN; default: the DSN's user.", show_default=False
    ),
]
JsonOption = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]


@app.command("up")
def up_(
    to: Annotated[str | None, typer.Option("--to", metavar="VERSION", help="Last version to apply.")] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Run everything for real, in one transaction, and undo it; locks are taken."),
    ] = False,
    include_all: Annotated[
        bool, typer.Option("--include-all", help="Apply also files older than the newest applied one.")
    ] = False,
    server: ServerOption = ServerKind.AUTO,
    pg_version: PgVersionOption = None,
    image: ImageOption = None,
    reuse: ReuseOption = False,
    dsn: DsnOption = None,
    role: RoleOption = None,
    config: ConfigOption = None,
    migrations: MigrationsOption = None,
    rollbacks: RollbacksOption = None,
    platform: PlatformOption = None,
) -> None:
    """Apply what the ledger does not list.

    Every file is one transaction together with its entry in the ledger; what PostgreSQL refuses inside a transaction
    (CREATE INDEX CONCURRENTLY, VACUUM, …) runs alone; a file with a BEGIN or COMMIT of its own runs statement by
    statement. All files are parsed by the server before the first one runs.

    Exit code 0: applied, or nothing to apply. 1: a migration is refused. 2: usage or environment.

    [bold]Examples[/bold]

    schemaproof migrate up --dsn postgresql://postgres@localhost/app

    schemaproof migrate up --server embedded --to 20250131120000
    """
    from schemaproof.migrations import rehearse, up

    target, history = _read(config, migrations, rollbacks, platform)
    with (
        _database(
            target, history, server_spec(server, pg_version, dsn, image, reuse=reuse), role, stands_at="0"
        ) as connection,
        _Progress() as progress,
    ):
        run = rehearse if dry_run else up
        done = run(connection, history, to=to, include_all=include_all, on_step=progress.step, on_wait=progress.say)
    _summary(done, "would be applied; the database is as it was" if dry_run else "applied", "nothing to apply")


@app.command("down")
def down_(
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="VERSION",
            help="Version to stand at afterwards; 0 reverts all. Default: revert the newest one.",
            show_default=False,
        ),
    ] = None,
    lose_data: Annotated[
        bool, typer.Option("--lose-data", help="Revert also what is marked irreversible, by its rollback.")
    ] = False,
    server: ServerOption = ServerKind.AUTO,
    pg_version: PgVersionOption = None,
    image: ImageOption = None,
    reuse: ReuseOption = False,
    dsn: DsnOption = None,
    role: RoleOption = None,
    config: ConfigOption = None,
    migrations: MigrationsOption = None,
    rollbacks: RollbacksOption = None,
    platform: PlatformOption = None,
) -> None:
    """Revert migrations with their rollbacks, newest first; on a started server all are applied before.

    A rollback is a file of the same name in the folder of rollbacks. It is one transaction together with the removal
    from the ledger. A migration marked `-- schemaproof: irreversible <reason>` is refused with its reason.

    [bold]Examples[/bold]

    schemaproof migrate down --dsn postgresql://postgres@localhost/app

    schemaproof migrate down --server embedded --to 0
    """
    from schemaproof.migrations import down

    target, history = _read(config, migrations, rollbacks, platform)
    with (
        _database(target, history, server_spec(server, pg_version, dsn, image, reuse=reuse), role) as connection,
        _Progress() as progress,
    ):
        done = down(connection, history, to=to, lose_data=lose_data, on_step=progress.step, on_wait=progress.say)
    _summary(done, "reverted", "nothing to revert")


@app.command("status")
def status_(
    style: JsonOption = "text",
    server: ServerOption = ServerKind.AUTO,
    pg_version: PgVersionOption = None,
    image: ImageOption = None,
    reuse: ReuseOption = False,
    dsn: DsnOption = None,
    role: RoleOption = None,
    config: ConfigOption = None,
    migrations: MigrationsOption = None,
    rollbacks: RollbacksOption = None,
    platform: PlatformOption = None,
) -> None:
    """Say where each version stands: applied, edited, pending, out-of-order or missing-file.

    Exit code 1 when a file was edited after it was applied. On a started server all are applied before.
    """
    from schemaproof.migrations import status, verify

    _refuse_style(style)
    target, history = _read(config, migrations, rollbacks, platform)
    with _database(target, history, server_spec(server, pg_version, dsn, image, reuse=reuse), role) as connection:
        edited = {each.version for each in verify(connection, history) if each.kind == "edited"}
        rows = [
            {
                "version": each.version,
                "name": each.name,
                "state": "edited" if each.version in edited else each.state,
                "path": str(each.path) if each.path else None,
            }
            for each in status(connection, history)
        ]
    if style == "json":
        typer.echo(json.dumps({"migrations": rows}, indent=2))
    else:
        _table(rows)
    raise typer.Exit(1 if edited else 0)


@app.command("verify")
def verify_(
    style: JsonOption = "text",
    server: ServerOption = ServerKind.AUTO,
    pg_version: PgVersionOption = None,
    image: ImageOption = None,
    reuse: ReuseOption = False,
    dsn: DsnOption = None,
    role: RoleOption = None,
    config: ConfigOption = None,
    migrations: MigrationsOption = None,
    rollbacks: RollbacksOption = None,
    platform: PlatformOption = None,
) -> None:
    """Compare the applied migrations with their files, by the statements that the ledger keeps.

    Exit code 1 when a file was edited, with the diff, or is missing, was passed over, or cannot be compared. White
    space and comments outside of literals and function bodies do not count. On a started server all are applied
    before.
    """
    from schemaproof.migrations import verify

    _refuse_style(style)
    target, history = _read(config, migrations, rollbacks, platform)
    with _database(target, history, server_spec(server, pg_version, dsn, image, reuse=reuse), role) as connection:
        mismatches = verify(connection, history)
    if style == "json":
        rows = [
            {
                "version": each.version,
                "name": each.name,
                "kind": each.kind,
                "message": each.message,
                "path": str(each.path) if each.path else None,
                "diff": each.diff,
            }
            for each in mismatches
        ]
        typer.echo(json.dumps({"mismatches": rows}, indent=2))
    else:
        typer.echo("\n\n".join(map(str, mismatches)) or "the ledger and the files agree")
    raise typer.Exit(1 if mismatches else 0)


def _read(
    config: Path | None, migrations: Path | None, rollbacks: Path | None, platform: str | None
) -> tuple["Target", tuple["Migration", ...]]:
    """Read settings and files, and say on stderr what was passed over."""
    from schemaproof.config import load_target

    target = load_target(config=config, migrations=migrations, rollbacks=rollbacks, platform=platform)
    if target.is_file:
        raise UsageError(
            f"{target.relative(target.migrations)} is a single file, and `migrate` moves along a folder of migrations",
            remedy="Give --migrations the folder; `schemaproof check` takes a single file too.",
        )
    for note in target.folder.notes:
        typer.echo(f"note: {note}", err=True)
    return target, target.history


@contextmanager
def _database(
    target: "Target",
    history: tuple["Migration", ...],
    spec: "ServerSpec",
    role: str | None,
    *,
    stands_at: str | None = None,
) -> Iterator["psycopg.Connection[Any]"]:
    """Connect to the database of a DSN, or to a new one on a server that ends with the command.

    The new one has the platform and the migrations up to `stands_at`; None: all.
    """
    from schemaproof.migrations import up
    from schemaproof.server import outages_told
    from schemaproof.session import open_session

    if spec.kind == "dsn":
        with outages_told(), _named(spec, role) as connection:
            yield connection
        return
    if role is not None:
        raise UsageError("--role without a DSN", remedy="A started server runs migrations as its platform does.")
    with (
        outages_told(),
        open_session(target, spec) as session,
        session.scratch(session.base) as database,
        session.connect_migrator(database) as connection,
    ):
        up(connection, history, to=stands_at)
        _hear(connection)
        yield connection


@contextmanager
def _named(spec: "ServerSpec", role: str | None) -> Iterator["psycopg.Connection[Any]"]:
    import psycopg

    from schemaproof.server import open_server

    with open_server(replace(spec, needs_superuser=False)) as server:
        try:
            connection = server.connect(role=role)
        except psycopg.Error as error:
            raise ServerError(
                f"the server refuses the role {role}: {str(error).strip()}",
                remedy="Give --role a role that the DSN's user is a member of.",
            ) from None
        with connection:
            _hear(connection)
            yield connection


def _hear(connection: "psycopg.Connection[Any]") -> None:
    """Show what the server has to say besides results: NOTICE and WARNING."""
    connection.add_notice_handler(
        lambda told: typer.echo(f"{told.severity_nonlocalized}: {told.message_primary}", err=True)
    )


class _Progress:
    """Says what is done with each file; on a terminal also what is being done."""

    def __init__(self) -> None:
        from rich.console import Console

        self._status = Console(stderr=True).status("connecting")

    def __enter__(self) -> "_Progress":
        if sys.stderr.isatty():
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def step(self, step: "Step") -> None:
        """Follow the runner."""
        verb, name = ("applying", "applied") if step.action == "apply" else ("reverting", "reverted")
        file = (step.migration.path if step.action == "apply" else step.migration.rollback or step.migration.path).name
        if step.seconds is None:
            self._status.update(f"{verb} {file}")
        else:
            typer.echo(f"{name:8} {file}  {step.seconds * 1000:.0f} ms")

    def say(self, sentence: str) -> None:
        """Tell on stderr what keeps the runner waiting."""
        typer.echo(sentence, err=True)


def _summary(done: tuple["Migration", ...], what: str, nothing: str) -> None:
    count = f"{len(done)} migration{'' if len(done) == 1 else 's'}"
    typer.echo(f"{count} {what}" if done else nothing)


def _table(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    if not sys.stdout.isatty():
        typer.echo("\n".join(f"{row['state']:12} {row['version']} {row['name']}".rstrip() for row in rows))
        return
    colors = {"applied": "green", "pending": "yellow"}
    table = Table("state", "version", "name", box=None)
    for row in rows:
        table.add_row(f"[{colors.get(row['state'], 'red')}]{row['state']}[/]", row["version"], row["name"])
    Console().print(table)


def _refuse_style(style: str) -> None:
    if style not in ("text", "json"):
        raise UsageError(f"unknown format {style!r}", remedy="Formats: text, json.")
