"""`pg_dump -s`, normalised: the text that a committed snapshot holds, and the cross-check of the catalogue."""

import re
import subprocess
from collections.abc import Sequence

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from schemaproof.errors import ServerError
from schemaproof.server import Server

__all__ = ["dump_schema"]

# Random since the fix of CVE-2025-8714, so that no two dumps of one database are equal.
_RESTRICT = re.compile(r"^\\(?:un)?restrict .*\n", re.MULTILINE)
_FIRST_OBJECT = re.compile(r"^--\n-- (?:Name|TOC entry)", re.MULTILINE)
_END = "\n--\n-- PostgreSQL database dump complete\n--\n"


def dump_schema(server: Server, dbname: str, schemas: Sequence[str] | None = None) -> str:
    """Dump the definitions of a database, without what changes from run to run or between minor releases.

    The head of the dump (versions, settings of the restoring session) and the `\\restrict` lines are left out.

    Args:
        server: whose `bin_dir` has the `pg_dump` to use.
        dbname: the database.
        schemas: only what lives in these schemas; None: everything.

    Raises:
        ServerError: the server's binaries are not at hand, or pg_dump failed.
    """
    if server.bin_dir is None:
        raise ServerError(
            f"cannot dump database {dbname}: no pg_dump of PostgreSQL {server.version // 10000} is at hand",
            remedy="Use a server that schemaproof starts (--server embedded or --server system).",
        )
    conninfo, password = _without_password(server.conninfo(dbname))
    names = [argument for schema in schemas or () for argument in ("--schema", '"' + schema.replace('"', '""') + '"')]
    done = subprocess.run(
        [server.bin_dir / "pg_dump", "--schema-only", "--no-password", "--encoding=UTF8", *names, "--dbname", conninfo],
        env=server.client_environment() | password,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        complaint = done.stderr.decode(errors="replace").strip()
        raise ServerError(f"pg_dump of database {dbname} failed with exit code {done.returncode}: {complaint}")
    return _normalised(done.stdout.decode())


def _without_password(conninfo: str) -> tuple[str, dict[str, str]]:
    """Move the password from the connection string, which `ps` shows, into an environment variable."""
    parameters = conninfo_to_dict(conninfo)
    password = parameters.pop("password", None)
    return make_conninfo("", **parameters), {} if password is None else {"PGPASSWORD": str(password)}


def _normalised(dump: str) -> str:
    text = _RESTRICT.sub("", dump)
    first = _FIRST_OBJECT.search(text)
    body = text[first.start() :] if first else ""
    return body.partition(_END)[0].strip("\n") + "\n"
