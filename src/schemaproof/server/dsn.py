"""A PostgreSQL that the user named: whether it answers, whether it does, and who we are there."""

import os
from typing import TYPE_CHECKING

from schemaproof.errors import ServerError
from schemaproof.server.installation import OLDEST_MAJOR, find_client_programs
from schemaproof.server.server import Server
from schemaproof.server.spec import ServerSpec
from schemaproof.server.tls import failed_on_tls, why_untrusted, with_whole_paths

if TYPE_CHECKING:
    import psycopg

__all__ = ["open_dsn"]

_CONNECT_SECONDS = "10"
_FORM = (
    "Write it as postgresql://user:password@host:port/database, with special characters percent-encoded "
    "(@ is %40, / is %2F, : is %3A, % is %25)."
)


def open_dsn(spec: ServerSpec) -> Server:
    """Connect to the server of `spec.dsn` once and return it.

    Raises:
        ServerError: the DSN cannot be read; the server does not answer, refuses or is too old; the role may too little.
    """
    import psycopg

    parameters = _parameters(spec.dsn or "")
    try:
        connection = psycopg.connect(**parameters, autocommit=True)  # type: ignore[arg-type]  # all are strings
    except psycopg.OperationalError as error:
        raise _unreachable(parameters, str(error)) from None
    with connection:
        version = connection.info.server_version
        if version < OLDEST_MAJOR * 10000:
            raise ServerError(
                f"The server of the DSN is PostgreSQL {version // 10000}; {OLDEST_MAJOR} is the oldest that works.",
                remedy="Name a newer server, or let schemaproof start one (--server auto).",
            )
        is_superuser = _check_role(connection, needs_superuser=spec.needs_superuser)
        return Server(
            kind="dsn",
            version=version,
            superuser=connection.info.user,
            bin_dir=find_client_programs(version // 10000),
            owned=False,
            parameters={**parameters, "user": connection.info.user, "dbname": connection.info.dbname},
            is_superuser=is_superuser,
        )


def _parameters(dsn: str) -> dict[str, str]:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    _refuse_bare_at(dsn)
    try:
        given = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError as error:
        # libpq quotes what it could not read, and that may be a password with an unescaped character.
        reason = str(error).partition(":")[0].partition('"')[0].strip()
        raise ServerError(
            f"The DSN cannot be read: {reason or 'a syntax error'}.",
            remedy=_FORM,
        ) from None
    parameters = {name: str(value) for name, value in given.items()}
    return {"connect_timeout": _CONNECT_SECONDS, **with_whole_paths(parameters, otherwise=_defaults())}


def _defaults() -> dict[str, str]:
    """Return what the caller's variables (PGSSLROOTCERT and the like) say, by the parameters that they stand for."""
    from psycopg.pq import Conninfo

    return {
        option.keyword.decode(): os.environ[option.envvar.decode()]
        for option in Conninfo.get_defaults()
        if option.envvar and os.environ.get(option.envvar.decode())
    }


def _refuse_bare_at(dsn: str) -> None:
    """Refuse a URI with an @ too many: libpq ends the password at the first one, and its errors name the rest as host.

    The same happens to a password with a slash. Behind a question mark libpq reads whole values, so an @ does no harm.
    """
    scheme, separator, rest = dsn.partition("://")
    authority, _, path = rest.partition("?")[0].partition("/")
    if separator and scheme.strip().isalpha() and (authority.count("@") > 1 or "@" in path):
        raise ServerError("The DSN cannot be read: an @ or / in its password is not encoded.", remedy=_FORM)


def _unreachable(parameters: dict[str, str], reason: str) -> ServerError:
    from psycopg.conninfo import make_conninfo
    from psycopg.pq import PGconn, Ping

    for name in ("password", "sslpassword"):
        if parameters.get(name):
            reason = reason.replace(parameters[name], "***")
    answer = PGconn.ping(make_conninfo(**parameters).encode())
    if answer == Ping.NO_ATTEMPT:
        return ServerError(f"The DSN cannot be used: {reason}", remedy="Mend that parameter.")
    if failed_on_tls(reason) and answer == Ping.NO_RESPONSE:
        return _untrusted(parameters, reason)
    if answer == Ping.NO_RESPONSE:
        return ServerError(
            f"No server answers at the DSN: {reason}",
            remedy="Start it, or mend host and port; check that no firewall is between.",
        )
    return ServerError(
        f"The server of the DSN refuses: {reason}", remedy="Mend user, password, database or TLS settings."
    )


def _untrusted(parameters: dict[str, str], reason: str) -> ServerError:
    why = why_untrusted({**_defaults(), **parameters})
    return ServerError(
        f"TLS with the server of the DSN fails: {reason}" + (f" ({why})" if why else ""),
        remedy="Name the certificate of the authority that signed the server's (sslrootcert=FILE, or PGSSLROOTCERT), "
        "and the host as the certificate does; renew one that has expired; switch TLS on at a server that has none.",
    )


def _check_role(connection: "psycopg.Connection[tuple[object, ...]]", *, needs_superuser: bool) -> bool:
    row = connection.execute(
        "select rolsuper, rolcreatedb, rolname::text from pg_roles where rolname = current_user"
    ).fetchone()
    assert row is not None
    is_superuser, may_create, role = row
    if needs_superuser and not is_superuser:
        lacks = "is no superuser" if may_create else "is no superuser and lacks CREATEDB"
        raise ServerError(
            f"The DSN's role {role} {lacks}: schemaproof makes databases and asks as other roles there.",
            remedy="Name a superuser of a server made for tests, or let schemaproof start one (--server auto).",
        )
    return bool(is_superuser)
