"""One database of a server: made empty or as a clone of a template, and dropped; only schemaproof's own."""

import itertools
import os
import re
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from schemaproof.errors import ServerError
from schemaproof.server import Server

if TYPE_CHECKING:
    import psycopg
    from psycopg import sql

    Connection = psycopg.Connection[tuple[Any, ...]]

__all__ = ["NAME_FORM", "PREFIX", "Database", "unique_name"]

PREFIX = "schemaproof_"
# A regular expression of PostgreSQL's for what `unique_name` makes; it captures the run.
NAME_FORM = f"^{PREFIX}([0-9a-f]{{8}})_[0-9a-f]+_[0-9a-z_]*_[0-9]+$"
_NAME_BYTES = 63  # NAMEDATALEN - 1
_SETTLE_SECONDS = 0.1
_BIG_BYTES = 256 * 1024 * 1024

_run = secrets.token_hex(4)
_process = secrets.token_hex(2)
_numbers = itertools.count(1)

_STATE = """
select
    pg_get_userbyid(datdba),
    case when %(measure)s then pg_database_size(oid) else 0 end,
    (select count(*) from pg_stat_activity where datid = pg_database.oid)
from pg_database
where datname = %(template)s
"""

# Exactly the rows that GRANT and ALTER DATABASE … SET write (pg_database, pg_shdepend and pg_db_role_setting in the
# manual's chapter on system catalogs), in one round trip. The order of an ACL's entries and who granted them stay as
# they were, which GRANT could not promise.
_RESTORE = """
with
    original as (select oid, datacl from pg_database where datname = %(template)s),
    clone as (select oid from pg_database where datname = %(name)s),
    privileges as (
        update pg_database set datacl = original.datacl from original where datname = %(name)s
    ),
    privileged_roles as (
        insert into pg_shdepend (dbid, classid, objid, objsubid, refclassid, refobjid, deptype)
        select dbid, classid, clone.oid, objsubid, refclassid, refobjid, deptype
        from pg_shdepend
        cross join clone
        where dbid = 0 and classid = 'pg_database'::regclass and deptype = 'a' and objid = (select oid from original)
    )
insert into pg_db_role_setting (setdatabase, setrole, setconfig)
select clone.oid, setrole, setconfig
from pg_db_role_setting
cross join clone
where setdatabase = (select oid from original)
"""

_END_OTHERS = """
select pg_terminate_backend(pid, 1000)
from pg_stat_activity
where datname = %s and pid <> pg_backend_pid()
"""


def unique_name(kind: str, *, run: str | None = None) -> str:
    """Return a name for a new database: `schemaproof_<run>_<process>_<kind>_<n>`; a fork counts as another process.

    Args:
        kind: what the database is for.
        run: 8 hexadecimal digits that the names of one run have in common, whichever process makes them; None: this
            process's own.
    """
    head, tail = f"{PREFIX}{run or _run}_{_process}{os.getpid():x}_", f"_{next(_numbers)}"
    middle = re.sub(r"[^a-z0-9]+", "_", kind.lower())
    return head + middle[: _NAME_BYTES - len(head) - len(tail)] + tail


@dataclass(frozen=True)
class Database:
    """A database that schemaproof made on `server`."""

    server: Server
    name: str

    @classmethod
    def create(cls, server: Server, name: str, *, template: str | None = None, owner: str | None = None) -> Self:
        """Make a database.

        Args:
            server: where.
            name: one of `unique_name`.
            template: clone this database, with its owner, privileges and settings, which PostgreSQL leaves behind.
            owner: who is to own it; None: the template's owner, or the superuser.

        Raises:
            ServerError: others stay connected to the template.
            psycopg.Error: there is no such template or role, the name is taken, or the disk is full.
        """
        _refuse_foreign(name)
        database = cls(server, name)
        with server.connect() as connection:
            if template is None:
                database._create(connection, "template0", owner or server.superuser, fast=server.is_ours)
            else:
                database._clone(connection, template, owner)
        return database

    def conninfo(self, role: str | None = None) -> str:
        """Return a connection string; see `Server.conninfo`."""
        return self.server.conninfo(self.name, role)

    def connect(self, *, role: str | None = None, autocommit: bool = True) -> "Connection":
        """Connect; see `Server.connect`."""
        return self.server.connect(self.name, role=role, autocommit=autocommit)

    def drop(self) -> None:
        """Drop the database and end the sessions in it; nothing happens when it is gone already."""
        _refuse_foreign(self.name)
        with self.server.connect() as connection:
            self._drop(connection)

    def _drop(self, connection: "Connection") -> None:
        connection.execute(_statement("drop database if exists {} with (force)", self.name))

    def _create(self, connection: "Connection", template: str, owner: str, *, fast: bool) -> None:
        """Create by copying files (`fast`) or through the WAL.

        Copying is 4 to 6 times faster, but makes two checkpoints, for which a server with fsync pays.
        """
        strategy = f" strategy {'file_copy' if fast else 'wal_log'}" if self.server.version >= 150000 else ""
        connection.execute(_statement("create database {} template {} owner {}" + strategy, self.name, template, owner))

    def _clone(self, connection: "Connection", template: str, owner: str | None) -> None:
        from psycopg.errors import ObjectInUse

        original_owner, size = _settled(connection, template, measure=not self.server.is_ours)
        try:
            self._create(connection, template, original_owner, fast=self.server.is_ours or size > _BIG_BYTES)
        except ObjectInUse as error:
            raise ServerError(
                f"The database {template} cannot be cloned: {error.diag.message_detail}",
                remedy="Close the connections to it.",
            ) from error
        try:
            connection.execute(_RESTORE, {"template": template, "name": self.name})
            if owner is not None:
                connection.execute(_statement("alter database {} owner to {}", self.name, owner))
        except BaseException:
            self._drop(connection)
            raise


def _settled(connection: "Connection", template: str, *, measure: bool) -> tuple[str, int]:
    """Return the template's owner and size in bytes, once the sessions that its builder has closed are gone.

    PostgreSQL waits for them as well, but in steps of 100 ms, and for 5 s when one stays. One that stays in a template
    of schemaproof's own is a leftover and is ended.
    """
    until = time.monotonic() + _SETTLE_SECONDS
    while True:
        row = connection.execute(_STATE, {"template": template, "measure": measure}).fetchone()
        owner, size, sessions = row or (connection.info.user, 0, 0)  # CREATE DATABASE tells that it is not there
        if sessions and time.monotonic() < until:
            time.sleep(0.002)
            continue
        if sessions and template.startswith(PREFIX):
            connection.execute(_END_OTHERS, (template,))
        return owner, size


def _refuse_foreign(name: str) -> None:
    if not name.startswith(PREFIX):
        raise ServerError(
            f"The database {name} is not schemaproof's own.", remedy=f"Use a name with {PREFIX} in front."
        )


def _statement(form: str, *names: str) -> "sql.Composed":
    from psycopg import sql

    return sql.SQL(form).format(*map(sql.Identifier, names))
