"""A running PostgreSQL, started or named: how to connect to it, as whom, and how it goes away."""

import os
import re
import signal
import threading
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from schemaproof.errors import ServerError

if TYPE_CHECKING:
    import psycopg

    from schemaproof.server.postmaster import Postmaster

__all__ = ["Server"]

_environment_lock = threading.Lock()


@dataclass(frozen=True, eq=False)
class Server:
    """A PostgreSQL that answers.

    Args:
        kind: where it came from.
        version: as in `server_version_num` (170010).
        superuser: the role that schemaproof administers with.
        bin_dir: a directory with `pg_dump` and `psql` of the same major version, or None.
        owned: schemaproof started it, and it goes with the run.
        parameters: libpq's connection parameters.
        is_superuser: False only for a DSN that was opened with `needs_superuser=False`.
        password: of the superuser on loopback, for a server that lets everybody in on its socket.
        image: what a container was made of.
    """

    kind: Literal["embedded", "system", "container", "dsn"]
    version: int
    superuser: str
    bin_dir: Path | None
    owned: bool
    parameters: Mapping[str, str] = field(repr=False)
    is_superuser: bool = True
    password: str | None = field(default=None, repr=False)
    image: str | None = None
    _postmaster: "Postmaster | None" = field(default=None, repr=False)

    @property
    def run_directory(self) -> Path | None:
        """Where a started server lives: `data`, the data directory, and `log`, what it has to say."""
        return Path(self.parameters["host"]).parent if self.is_local else None

    @property
    def is_local(self) -> bool:
        """Whether its processes and files are this machine's, and its socket lets every role in without a password."""
        return self.kind in ("embedded", "system")

    @property
    def is_ours(self) -> bool:
        """Whether schemaproof started it, in this run or an earlier one, and so can start another like it."""
        return self.kind != "dsn"

    def conninfo(self, dbname: str | None = None, role: str | None = None) -> str:
        """Return a libpq connection string; one of a DSN holds its password.

        Args:
            dbname: the database (default: the maintenance database).
            role: who the session is: a socket lets any role with LOGIN in, elsewhere it is a SET ROLE.
        """
        from psycopg.conninfo import make_conninfo

        return make_conninfo(**self._parameters(dbname, role))

    def loopback_conninfo(self, dbname: str | None = None) -> str:
        """Return the superuser's connection string, with its password, for clients that know no Unix sockets."""
        from psycopg.conninfo import make_conninfo

        if self.password is None:
            return self.conninfo(dbname)
        return make_conninfo(**{**self._parameters(dbname, None), "host": "127.0.0.1", "password": self.password})

    def connect(
        self, dbname: str | None = None, *, role: str | None = None, autocommit: bool = True
    ) -> "psycopg.Connection[tuple[Any, ...]]":
        """Connect to a database (default: the maintenance database).

        Args:
            dbname: the database.
            role: the session's user, with its own settings as after a login. Where it cannot log in (NOLOGIN, or a
                DSN or container, of which one user's password is known) the superuser's session is made its; a DSN's
                user that is no superuser can only SET ROLE.
            autocommit: as in psycopg.

        Raises:
            psycopg.OperationalError: the database or the role does not exist or refuses.
        """
        import psycopg

        if role is None or role == self.superuser:
            return self._open(self.conninfo(dbname), autocommit)
        if self.is_local:
            try:
                return self._open(self.conninfo(dbname, role), autocommit)
            except psycopg.OperationalError:
                pass  # a role without LOGIN; any other reason is told by what follows
        return self._assume(role, self._open(self.conninfo(dbname), True), autocommit)

    def client_environment(self) -> dict[str, str]:
        """Return the environment for psql or pg_dump: the caller's PGHOST and the like are not for a started server."""
        if not self.is_ours:
            return dict(os.environ)
        return {name: value for name, value in os.environ.items() if not name.startswith("PG")}

    def kill(self, pid: int) -> None:
        """Kill one of the server's processes, as the system does that runs out of memory.

        Raises:
            ServerError: the server is one that exists already.
        """
        if self.is_local:
            os.kill(pid, signal.SIGKILL)
        elif self.is_ours:
            self._kill_elsewhere(pid)
        else:
            raise ServerError("Processes of a server that exists already are not killed.", remedy="Leave out the DSN.")

    def handle(self) -> dict[str, Any]:
        """Return what another process needs to join, as JSON takes it. It holds passwords."""
        return {
            "kind": self.kind,
            "version": self.version,
            "superuser": self.superuser,
            "bin_dir": str(self.bin_dir) if self.bin_dir else None,
            "owned": self.owned,
            "parameters": dict(self.parameters),
            "is_superuser": self.is_superuser,
            "password": self.password,
            "image": self.image,
        }

    def close(self) -> None:
        """Stop the server and remove what it left, if this is the object that started it; else do nothing."""
        if self._postmaster is not None:
            self._postmaster.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _kill_elsewhere(self, pid: int) -> None:
        """Kill a process of a container's, whose ids are its own; the server then ends this session too.

        The program is sent no row: it reads none, so that the pipe to it may be closed already.
        """
        import psycopg
        from psycopg import sql

        program = sql.Literal(f"kill -KILL {pid}")
        with suppress(psycopg.OperationalError), self.connect() as connection:
            connection.execute(sql.SQL("copy (select where false) to program {}").format(program))

    def _parameters(self, dbname: str | None, role: str | None) -> dict[str, str]:
        parameters = dict(self.parameters)
        if dbname is not None:
            parameters["dbname"] = dbname
        if role is None or role == self.superuser:
            return parameters
        if self.is_local:
            return {**parameters, "user": role}
        # PostgreSQL overlooks session_authorization among a connection's options.
        assumed = re.sub(r"([\\\s])", r"\\\1", role)
        return {**parameters, "options": f"{parameters.get('options', '')} -c role={assumed}".strip()}

    def _open(self, conninfo: str, autocommit: bool) -> "psycopg.Connection[tuple[Any, ...]]":
        import psycopg

        with _without_libpq_variables() if self.is_ours else _environment_lock:
            try:
                return psycopg.connect(conninfo, autocommit=autocommit)
            except KeyboardInterrupt as error:
                # Its traceback would keep a half-open session, for whose log-in to time out DROP DATABASE waits.
                traceback.clear_frames(error.__traceback__)
                raise

    def _assume(
        self, role: str, connection: "psycopg.Connection[tuple[Any, ...]]", autocommit: bool
    ) -> "psycopg.Connection[tuple[Any, ...]]":
        from psycopg import sql

        form = "set session authorization {}" if self.is_superuser else "set role {}"
        try:
            if self.is_superuser:
                connection.execute(_ROLE_SETTINGS, (role,))
            connection.execute(sql.SQL(form).format(sql.Identifier(role)))
            connection.autocommit = autocommit
        except BaseException:
            connection.close()
            raise
        return connection


# What a login would apply, the database's own last (pg_db_role_setting in the manual's chapter on system catalogs).
_ROLE_SETTINGS = """
select set_config(split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1), false)
from pg_db_role_setting
cross join unnest(setconfig) as setting
where setrole = to_regrole(quote_ident(%s))
    and setdatabase in (0, (select oid from pg_database where datname = current_database()))
order by setdatabase
"""


@contextmanager
def _without_libpq_variables() -> Iterator[None]:
    """Hide PGHOSTADDR, PGOPTIONS, PGSERVICE and the like: libpq takes them for whatever a connection string leaves out.

    A connection string cannot take all of them back (PGSERVICE, PGTZ), so they leave the environment for the moment.
    """
    if not any(name.startswith("PG") for name in os.environ):
        yield
        return
    with _environment_lock:
        hidden = {name: value for name, value in os.environ.items() if name.startswith("PG")}
        for name in hidden:
            del os.environ[name]
        try:
            yield
        finally:
            os.environ.update(hidden)
