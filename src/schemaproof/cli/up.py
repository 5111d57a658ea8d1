"""`schemaproof up` opens a migrated database with rows in it for a person, until Ctrl-C."""

import json
import time
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from schemaproof.cli.ending import end_if_asked
from schemaproof.cli.options import (
    ConfigOption,
    CreateRolesOption,
    DsnOption,
    ImageOption,
    MigrationsOption,
    PgVersionOption,
    PlatformOption,
    ReuseOption,
    ServerKind,
    ServerOption,
    server_spec,
)
from schemaproof.cli.progress import session_shown
from schemaproof.errors import UsageError

if TYPE_CHECKING:
    from schemaproof.session import Session
    from schemaproof.workbench import Seat, Workbench

__all__ = ["up"]

_LOOK_SECONDS = 1.0
FormatOption = Annotated[str, typer.Option("--format", metavar="FORMAT", help="text or json.")]


def up(
    server: ServerOption = ServerKind.AUTO,
    pg_version: PgVersionOption = None,
    image: ImageOption = None,
    reuse: ReuseOption = False,
    dsn: DsnOption = None,
    create_roles: CreateRolesOption = False,
    config: ConfigOption = None,
    migrations: MigrationsOption = None,
    platform: PlatformOption = None,
    style: FormatOption = "text",
) -> None:
    """Open a migrated database with rows in it, to look around and to program against, until Ctrl-C.

    Prints a URL for programs and a psql line for each identity: the owner, the back end, a visitor, members of two
    tenants with role, claims and limits as a request has them. The rows are the project's sample data; without any,
    they are made up. Everything is gone afterwards.

    Exit code 130 after Ctrl-C. 1: a migration is refused. 2: usage or environment.

    [bold]Examples[/bold]

    schemaproof up

    schemaproof up --migrations dump.sql --platform plain

    schemaproof up --server container --image supabase/postgres:17.6.1.136
    """
    from schemaproof.config import load_target

    if style not in ("text", "json"):
        raise UsageError(f"unknown format {style!r}", remedy="Formats: text, json.")
    target = load_target(config=config, migrations=migrations, platform=platform)
    for note in target.folder.notes:
        typer.echo(f"note: {note}", err=True)
    spec = server_spec(server, pg_version, dsn, image, reuse=reuse)
    with session_shown(target, spec, create_roles=create_roles) as (session, tell):
        from schemaproof.workbench import open_workbench

        tell("migrating and filling")
        with open_workbench(session) as bench:
            tell(
                "open until Ctrl-C"
            )  # first: who reads what is open may end it at once, in the midst of the line's update
            typer.echo(_json(bench) if style == "json" else _text(session, bench))
            _wait(session)


def _wait(session: "Session") -> NoReturn:
    """Wait for a signal, or for the server to end, which raises; the connection keeps nobody from the database."""
    with session.server.connect() as connection:
        while True:
            end_if_asked()  # what the signal raised may be lost
            time.sleep(_LOOK_SECONDS)
            connection.execute("select")


def _text(session: "Session", bench: "Workbench") -> str:
    server, target = session.server, session.target
    major, minor = divmod(server.version, 10000)
    made_of = f"{server.kind} of {server.image}" if server.image else server.kind
    count = len(target.history)
    lines = [
        f"PostgreSQL {major}.{minor} ({made_of}), platform {session.platform.name}, "
        f"{count} migration{'' if count == 1 else 's'} of {target.relative(target.migrations)}",
        f"rows: {_rows(session, bench)}",
        "",
        f"DATABASE_URL={bench.dsn}",
    ]
    for seat in bench.seats:
        lines += ["", f"# {_told(seat)}", seat.psql]
    if bench.left_out:
        lines += ["", f"without a role of its own, and so left out: {', '.join(bench.left_out)}"]
    lines += ["", "Ctrl-C ends it, and the database is gone. RESET ROLE makes a session the first one's again."]
    return "\n".join(lines)


def _rows(session: "Session", bench: "Workbench") -> str:
    if bench.filled.sampled:
        return f"the sample data of {session.target.sample}"
    missing = [each.relation for each in bench.filled.unfilled]
    told = "made up of the catalogue, for the project names no sample data"
    return f"{told}; none could be made for {', '.join(dict.fromkeys(missing))}" if missing else told


def _told(seat: "Seat") -> str:
    keys = ", ".join(f"{name} = {value}" for name, value in seat.keys.items())
    return f"{seat.name}: {keys}" if keys else seat.name


def _json(bench: "Workbench") -> str:
    seats = [{"name": seat.name, "keys": dict(seat.keys), "psql": seat.psql} for seat in bench.seats]
    document = {
        "url": bench.dsn,
        "database": bench.filled.database.name,
        "sampled": bench.filled.sampled,
        "identities": seats,
    }
    return json.dumps(document, ensure_ascii=False)
