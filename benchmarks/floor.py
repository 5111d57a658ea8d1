"""PostgreSQL's own tools doing the same work: initdb, pg_ctl and psql, with the settings and SQL of schemaproof."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg

from schemaproof.config import Target
from schemaproof.platform import load_platform
from schemaproof.server import Server, ServerSpec, open_server
from schemaproof.server.account import server_account
from schemaproof.session import Session

_SETTINGS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_init_zero=off -c wal_level=logical"


@dataclass(frozen=True)
class Floor:
    """What the bare tools need: where they are, an initialised directory, and one script for psql."""

    binaries: Path
    postgres: Path
    data: Path
    script: Path

    def start_and_sql(self, *, initdb: bool) -> float:
        """Make a data directory, or copy the initialised one, start a server, run the SQL; return the seconds."""
        with _folder() as folder:
            data = folder / "data"
            started = time.perf_counter()
            if initdb:
                self.initdb(data)
            else:
                subprocess.run(["cp", "-a", "--reflink=auto", self.data, data], check=True)
            self._ctl(
                data,
                "start",
                "-w",
                "-p",
                str(self.postgres),
                "-l",
                str(folder / "log"),
                "-o",
                f"-k {folder} -h '' {_SETTINGS}",
            )
            subprocess.run(
                [*self._psql(folder), "-q", "-v", "ON_ERROR_STOP=1", "-f", self.script], check=True, stdout=-3
            )
            seconds = time.perf_counter() - started
            self._ctl(data, "stop", "-m", "immediate")
        return seconds

    def initdb(self, data: Path) -> None:
        """Initialise a data directory as schemaproof does."""
        command = [str(self.binaries / "initdb"), "--no-sync", "-U", "supabase_admin", "-E", "UTF8", "--locale=C"]
        _as_account([*command, "--auth=trust", "--no-instructions", "-D", str(data)])

    def _ctl(self, data: Path, *arguments: str) -> None:
        _as_account([str(self.binaries / "pg_ctl"), "-s", "-D", str(data), *arguments])

    def _psql(self, socket: Path) -> list[str]:
        return [str(self.binaries / "psql"), "-X", "-h", str(socket), "-U", "supabase_admin", "-d", "postgres"]


@contextmanager
def make_floor(target: Target) -> Iterator[Floor]:
    """Record what building the target's template sends, as one script for psql, and initialise a directory."""
    platform = load_platform(target.platform)
    with _folder() as folder, open_server(ServerSpec(kind="embedded", extensions=platform.extensions)) as server:
        script = folder / "build.sql"
        script.write_text(_recorded(server, target))
        with server.connect() as connection:
            row = connection.execute("select setting from pg_config where name = 'BINDIR'").fetchone()
        assert row is not None
        assert server.bin_dir is not None
        floor = Floor(server.bin_dir, Path(row[0], "postgres"), folder / "original", script)
        floor.initdb(floor.data)
        yield floor


def _recorded(server: Server, target: Target) -> str:
    """The statements that make roles, platform and migrations, with psql's \\connect between the roles."""
    platform, lines = load_platform(target.platform), list[str]()
    execute = psycopg.Cursor.execute

    def record(cursor: Any, query: Any, params: Any = None, **options: Any) -> Any:
        text = query if isinstance(query, str) else query.as_string(cursor) if hasattr(query, "as_string") else ""
        first = re.sub(r"(?m)^\s*--.*$", "", text).lower().split()[:1]
        if params is None and first not in (["select"], ["with"], []):
            lines.append(text.rstrip().rstrip(";") + ";")
        return execute(cursor, query, params, **options)

    session = Session(server, platform, target)
    with mock.patch.object(psycopg.Cursor, "execute", record):
        with server.connect() as connection:
            platform.create_roles(connection)
        lines.append(f"create database base owner {platform.migration_role};\n\\connect base supabase_admin\nbegin;")
        with session.scratch(session.base):
            lines.append("commit;")
    lines = [line for line in lines if "schemaproof_" not in line]
    lines.append(f"create database migrated template base owner {platform.migration_role};")
    lines.append(f"\\connect migrated {platform.migration_role}")
    for migration in target.history:
        lines.append(f"begin;\n{migration.text}\ncommit;")
    return "\n".join(lines)


@contextmanager
def _folder() -> Iterator[Path]:
    """A directory of the account that servers run as, with a path short enough for a socket."""
    folder, account = Path(tempfile.mkdtemp(prefix="floor-", dir="/tmp")), server_account()
    account.give(folder)
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _as_account(command: list[str]) -> None:
    done = subprocess.run(
        command,
        cwd="/",
        stdout=-3,
        stderr=subprocess.PIPE,
        check=False,
        env=dict(os.environ),
        **server_account().popen(),
    )
    assert done.returncode == 0, done.stderr.decode()
