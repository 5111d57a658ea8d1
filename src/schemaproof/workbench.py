"""A database for a person: migrated and filled, with a ready psql line for each identity that may ask."""

import json
import shlex
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from schemaproof.attack import Arena, Attacker, Filled, Players, enter_arena, lend_filled
from schemaproof.database import Database
from schemaproof.identity import Identity, role_settings
from schemaproof.session import Session

__all__ = ["Seat", "Workbench", "open_workbench"]

_TENANTS = 2


@dataclass(frozen=True)
class Seat:
    """Who asks, and the command that opens psql as them.

    Args:
        name: `anon`, `member of A`.
        keys: of the tenant and user, by the names of their columns or claims, where it is a member.
        psql: a line for a shell.
    """

    name: str
    keys: Mapping[str, str]
    psql: str


@dataclass(frozen=True)
class Workbench:
    """A database with rows and the seats at it.

    Args:
        filled: the database, and where its rows are from.
        dsn: a URL for programs, as the user that administers the server; without the password of a server that exists.
        seats: whoever owns the schema first.
        left_out: identities whose roles are not there.
    """

    filled: Filled
    dsn: str
    seats: tuple[Seat, ...]
    left_out: tuple[str, ...]


@contextmanager
def open_workbench(session: Session) -> Iterator[Workbench]:
    """Lend a migrated database that holds the project's sample data, or rows made up of its catalogue.

    Raises:
        MigrationError: the migrations do not apply.
        UsageError: the settings name a role, or sample data, that does not exist.
    """
    schemas = session.schemas
    with lend_filled(session, schemas) as filled:
        with enter_arena(session, schemas, filled) as arena:
            found = list(_members(arena))
        seats, left_out = _seated(session, filled.database, found)
        yield Workbench(filled, _url(filled.database), (*_administrators(session, filled.database), *seats), left_out)


def _members(arena: Arena) -> Iterator[tuple[Attacker, Mapping[str, str]]]:
    players = Players(arena)
    for attacker in (players.service(), players.anonymous()):
        if attacker:
            yield attacker, {}
    for world in arena.worlds[:_TENANTS]:
        boundary = arena.discovery.boundary
        classes = [each for each in arena.discovery.classes if each is boundary or (each.asked and each.tied)]
        keys = {each.name: world.keys[each.name][0] for each in classes if world.keys.get(each.name)}
        yield players.member(world), keys


def _administrators(session: Session, database: Database) -> Iterator[Seat]:
    superuser, owner = database.server.superuser, session.platform.migration_role
    yield Seat(superuser, {}, _psql(database, {}))
    if owner and owner != superuser:
        yield Seat(owner, {}, _psql(database, {}, login=owner))


def _seated(
    session: Session, database: Database, found: list[tuple[Attacker, Mapping[str, str]]]
) -> tuple[tuple[Seat, ...], tuple[str, ...]]:
    """Return the seats of those whose roles outlived the arena's transaction, and the names of the others."""
    seats: list[Seat] = []
    left_out: list[str] = []
    with database.connect() as connection:
        roles = {name for (name,) in connection.execute("select rolname::text from pg_catalog.pg_roles")}
        for attacker, keys in found:
            identity = attacker.identity
            if identity.role not in roles:
                left_out.append(identity.name)
                continue
            settings = {**role_settings(connection, identity.role), **_options(identity)}
            seats.append(Seat(identity.name, keys, _psql(database, settings)))
    return tuple(seats), tuple(left_out)


def _options(identity: Identity) -> dict[str, str]:
    settings = {name: value for name, value in identity.transaction.items() if value}
    if claims := settings.get("request.jwt.claims"):
        settings["request.jwt.claims"] = json.dumps(json.loads(claims), separators=(",", ":"))
    return settings


def _psql(database: Database, settings: Mapping[str, str], *, login: str | None = None) -> str:
    """Return a shell's line that opens psql with settings of its session.

    A password is in it only where schemaproof made it up and psql needs it; one of a DSN is the user's to give.
    """
    server, parameters = database.server, _parameters(database.conninfo(login))
    options = [parameters.pop("options", ""), *(f"-c {name}={_escaped(value)}" for name, value in settings.items())]
    password = parameters.pop("password", "")
    variables = {"PGPASSWORD": password if server.is_ours else "", "PGOPTIONS": " ".join(filter(None, options))}
    program = str(server.bin_dir / "psql") if server.bin_dir and not shutil.which("psql") else "psql"
    set_ = [f"{name}={shlex.quote(value)}" for name, value in variables.items() if value]
    return " ".join([*set_, program, shlex.quote(make_conninfo(**parameters))])


def _escaped(value: str) -> str:
    """Escape what would end an option (the manual's libpq chapter, `options`)."""
    return "".join(f"\\{letter}" if letter.isspace() or letter == "\\" else letter for letter in value)


def _url(database: Database) -> str:
    parts = _parameters(database.server.loopback_conninfo(database.name))
    user, password, host, name = (quote(parts.pop(key, ""), safe="") for key in ("user", "password", "host", "dbname"))
    port = parts.pop("port", "")
    login = user + (f":{password}" if password and database.server.is_ours else "")
    rest = urlencode(parts)
    return f"postgresql://{login}@{host}{port and ':'}{port}/{name}" + (f"?{rest}" if rest else "")


def _parameters(conninfo: str) -> dict[str, str]:
    parameters = conninfo_to_dict(conninfo)
    return {name: str(value) for name, value in parameters.items() if name not in ("connect_timeout", "sslpassword")}
