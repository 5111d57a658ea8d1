"""The database that is attacked: filled for several tenants, in one transaction that is never committed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

import psycopg
from psycopg import sql

from schemaproof.attack.cast import Cast, find_cast, make_roles
from schemaproof.attack.fitting import with_fitting_keys
from schemaproof.attack.pools import pools
from schemaproof.attack.statements import PLACE, names, text, unnoticed
from schemaproof.attack.touches import touch
from schemaproof.attack.wire import Wire
from schemaproof.attack.worlds import STRANGER, Held, assign, make_worlds, present, worlds_of
from schemaproof.database import Database
from schemaproof.errors import UsageError, did_you_mean
from schemaproof.identity import role_settings
from schemaproof.rows import Guidance, Unfilled, World, fill
from schemaproof.session import Session
from schemaproof.surface import Relation, Routine, read_relations, read_routines
from schemaproof.tenancy import ROLE, USERS, Discovery, discover

__all__ = ["Arena", "Filled", "enter_arena", "lend_filled", "open_arena", "read_discovery"]

_SCHEMAS = """
    select nspname::text from pg_catalog.pg_namespace
    where nspname !~ '^pg_' and nspname <> 'information_schema' order by 1
"""
# Schemas of the platform whose functions policies call and whose bodies need no reading: what they answer is known.
_PLATFORM = frozenset(
    {"auth", "cron", "extensions", "graphql", "graphql_public", "net", "realtime", "storage", "vault"}
)
_ROWS_READ = 400
# Tables outside of the project whose rows count too, since policies ask for them.
_REFERRED = frozenset({USERS})
# An attack that sleeps or waits for a lock is ended; what it said is reported.
_PATIENCE = "set local statement_timeout = '5s'; set local lock_timeout = '1s'; set local client_min_messages = error"


@dataclass(frozen=True, eq=False)
class Arena:
    """A filled database and who owns what in it.

    Args:
        connection: a superuser's, inside the transaction.
        discovery: how tenants are told apart.
        cast: the roles to attack as.
        routines: the project's functions and procedures.
        worlds: the tenants; the first is the attackers' own, the second the victim.
        rows: what is there, by table.
        unfilled: what the synthesis could not fill.
        sampled: the rows are the project's own sample data.
        database: where it is.
        late: how many statements did not end, by table and command.
        fatal: statements that ended their session, in an earlier arena too.
    """

    connection: psycopg.Connection
    discovery: Discovery
    cast: Cast
    routines: tuple[Routine, ...]
    worlds: tuple[World, ...]
    rows: Mapping[str, tuple[Held, ...]]
    unfilled: tuple[Unfilled, ...] = ()
    sampled: bool = False
    database: Database | None = None
    late: Counter[tuple[str, str]] = field(default_factory=Counter)
    fatal: list[str] | None = None
    _settings: dict[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def wire(self) -> Wire:
        """What probes are sent by."""
        return Wire(self.connection, fatal=self.fatal)

    @cached_property
    def relations(self) -> Mapping[str, Relation]:
        """Every relation of the project, by its label."""
        return {relation.label: relation for relation in self.discovery.relations}

    @cached_property
    def owned(self) -> list[Relation]:
        """The tables that hold tenants' rows."""
        return [relation for relation in self.discovery.tables if relation.label in self.discovery.owned]

    def readable(self, role: str, *, most: int | None = None) -> Iterator[Relation]:
        """Yield those of the first `most` of them that a role may read; with a tenant's own column first."""
        for label in islice(self.discovery.owned, most):
            if self.relations[label].lets(role, "select"):
                yield self.relations[label]

    def accepts(self, *statements: str) -> bool:
        """Tell whether the constraints let statements of a superuser be, triggers and foreign keys aside; undo them."""
        with self.trial():
            return all(self.wire.after(statement).sqlstate is None for statement in unnoticed(*statements))

    def held(self, label: str, world: str | None) -> tuple[Held, ...]:
        """The rows of a table in one world; None: those that belong to nobody."""
        return tuple(row for row in self.rows.get(label, ()) if row.world == world)

    def role_settings(self, role: str) -> Mapping[str, str]:
        """Return the settings of a role, read once."""
        if role not in self._settings:
            self._settings[role] = role_settings(self.connection, role)
        return self._settings[role]

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Undo everything that the block does, whatever state it leaves the transaction in."""
        with self.connection.transaction(force_rollback=True):
            self.connection.execute(_PATIENCE)
            yield

    @contextmanager
    def second_session(self) -> Iterator[psycopg.Connection]:
        """Lend a superuser's session beside the transaction, for what must be committed."""
        if self.database is None:
            raise RuntimeError("an arena without a database has no second session")
        with self.database.connect() as connection:
            yield connection


@dataclass(frozen=True)
class Filled:
    """A database with rows of several tenants.

    Args:
        database: where they are.
        sampled: they are the project's own sample data; what follows is empty then.
        worlds: the tenants that they were made up for.
        places: the world of each row that was made up, by its place.
        unfilled: what could not be made up.
        discovery: how its tenants are told apart, for no role; None where nobody has asked yet.
    """

    database: Database
    sampled: bool = True
    worlds: tuple[World, ...] = ()
    places: Mapping[str, str | None] = field(default_factory=dict)
    unfilled: tuple[Unfilled, ...] = ()
    discovery: Discovery | None = None


@contextmanager
def lend_filled(session: Session, schemas: Sequence[str]) -> Iterator[Filled]:
    """Lend a migrated database with the project's sample data; without any, rows are made up for several tenants."""
    if session.target.sample is not None:
        with session.scratch(session.sampled) as database:
            yield Filled(database)
        return
    with session.scratch(session.fresh) as database:
        yield _fill(database, session, schemas)


@contextmanager
def open_arena(session: Session, schemas: Sequence[str], *, fatal: list[str] | None = None) -> Iterator[Arena]:
    """Fill a database of the session's for several tenants and prepare it to be attacked.

    Args:
        fatal: statements that ended an earlier arena's session and are not sent again; those of this one are added.

    Raises:
        UsageError: the settings name a role that does not exist.
    """
    with lend_filled(session, schemas) as filled, enter_arena(session, schemas, filled, fatal=fatal) as arena:
        yield arena


@contextmanager
def enter_arena(
    session: Session, schemas: Sequence[str], filled: Filled, *, fatal: list[str] | None = None
) -> Iterator[Arena]:
    """Prepare a filled database to be attacked, in a transaction that is rolled back; see `open_arena`."""
    with filled.database.connect() as connection, connection.transaction(force_rollback=True):
        cast = find_cast(connection, session.target, tuple(schemas))
        _refresh(connection, schemas)
        _add_stranger(connection)
        own_roles = make_roles(connection, cast, _role_names(connection, session, schemas, filled))
        discovery, routines = read_discovery(connection, session, schemas, (*cast.roles, *own_roles))
        worlds, rows = _whose(discovery, list(_read(connection, discovery, filled.places)), filled.worlds)
        yield Arena(
            connection, discovery, cast, routines, worlds, rows,
            filled.unfilled, filled.sampled, filled.database, fatal=fatal,
        )  # fmt: skip


def _whose(
    discovery: Discovery, rows: Sequence[Held], worlds: tuple[World, ...]
) -> tuple[tuple[World, ...], Mapping[str, tuple[Held, ...]]]:
    """The tenants that the rows know of, and the rows by table with whose they are."""
    worlds = present(discovery, rows, worlds) if worlds else worlds_of(discovery, rows)
    held: dict[str, list[Held]] = {}
    for row in assign(discovery, rows, worlds):
        held.setdefault(row.relation, []).append(row)
    return worlds, {label: tuple(found) for label, found in held.items()}


def _refresh(connection: psycopg.Connection, schemas: Sequence[str]) -> None:
    """Have materialised views show the rows that were filled in; one that stands on another comes after it."""
    query = """
        select format('%%I.%%I', n.nspname, c.relname) from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%s)
        where c.relkind = 'm' order by c.oid
    """
    for (label,) in connection.execute(query, [list(schemas)]).fetchall():
        try:
            with connection.transaction():
                connection.execute(f"refresh materialized view {label}".encode())
        except psycopg.Error:
            continue  # one that cannot be read shows nothing


def _add_stranger(connection: psycopg.Connection) -> None:
    """Make the login that belongs to no tenant a user that exists, where the platform keeps users."""
    if connection.execute("select to_regclass('auth.users')").fetchone() == (None,):
        return
    with connection.transaction():
        user = text("insert into auth.users (id) values ({}) on conflict do nothing", sql.Literal(STRANGER))
        for statement in unnoticed(user):
            connection.execute(statement.encode())


def _role_names(
    connection: psycopg.Connection, session: Session, schemas: Sequence[str], filled: Filled
) -> tuple[str, ...]:
    """Names of roles that stand for tenants: policies that compare with current_user."""
    discovery = filled.discovery or read_discovery(connection, session, schemas, ())[0]
    classes = [each.name for each in discovery.classes if each.tied and ROLE in each.nodes]
    return tuple(dict.fromkeys(key for world in filled.worlds for name in classes for key in world.keys.get(name, ())))


def _refuse_unknown_column(column: str | None, relations: Sequence[Relation], schemas: Sequence[str]) -> None:
    """Refuse a tenant's column that no table has: with it nothing would be attacked, and all would seem well."""
    names = {each.name for relation in relations if relation.schema in schemas for each in relation.columns}
    if column is not None and names and column not in names:
        remedy = did_you_mean(column, sorted(names), otherwise="Name a column that the tenants' tables have.")
        raise UsageError(f"no table has a column {column!r} (settings, `tenancy.column`)", remedy=remedy)


def read_discovery(
    connection: psycopg.Connection, session: Session, schemas: Sequence[str], roles: Sequence[str]
) -> tuple[Discovery, tuple[Routine, ...]]:
    """Return how tenants are told apart, and the project's routines."""
    everywhere = [name for (name,) in connection.execute(_SCHEMAS)]
    relations = read_relations(connection, everywhere, roles)
    routines = read_routines(connection, [name for name in everywhere if name not in _PLATFORM], roles)
    tenancy = session.target.tenancy
    _refuse_unknown_column(tenancy.column, relations, schemas)
    discovery = discover(relations, routines, schemas, column=tenancy.column, claim=tenancy.claim)
    return discovery, tuple(routine for routine in routines if routine.schema in schemas)


def _fill(database: Database, session: Session, schemas: Sequence[str]) -> Filled:
    with database.connect() as connection:
        discovery, _ = read_discovery(connection, session, schemas, ())
        worlds = with_fitting_keys(connection, discovery, make_worlds(discovery))
        guidance = Guidance(
            classes={
                (column.relation, column.column): each.name
                for each in discovery.classes
                if discovery.given(each)
                for column in each.columns
            },
            pools=pools(discovery),
            shared=frozenset(discovery.shared),
        )
        users = (USERS,) if any(each.kept for each in discovery.classes if discovery.given(each)) else ()
        filling = fill(connection, (*schemas, *users), worlds, guidance, rows=2)
        made = {row.place: (row.relation, row.world) for row in filling.rows}
        places = touch(connection, discovery, worlds, made)
        return Filled(database, False, worlds, places, filling.unfilled, discovery)


def _read(connection: psycopg.Connection, discovery: Discovery, made: Mapping[str, str | None]) -> Iterator[Held]:
    """Read the rows as a client sees them; a partition's rows are its root's as well."""
    wire = Wire(connection)
    for relation in (*discovery.tables, *(each for each in discovery.outside if each.label in _REFERRED)):
        columns = [column.name for column in relation.columns]
        read = sql.SQL(", ").join([PLACE, *([names(columns)] if columns else [])])
        query = text(
            "select {} from {} order by tableoid, ctid limit {}", read, relation.identifier, sql.Literal(_ROWS_READ)
        )
        for place, *values in wire.after(query).rows:
            yield Held(relation.label, str(place), dict(zip(columns, values, strict=True)), made.get(str(place)))
