"""A dump of the schema builds the schema: `schemaproof check --migrations dump.sql` proves the same objects."""

import re
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schemaproof.catalogue import Catalogue, ObjectKey, compare, take_catalogue
from schemaproof.config import Target, load_target
from schemaproof.database import Database
from schemaproof.session import Session

# A dump holds the rows of pg_cron's table, which its role may not write: jobs are scheduled anew.
_LOST = ("cron job",)
# PostgreSQL itself flattens AND where it parses an expression again that it has written out.
_BRACKETS = re.compile(r"[()]")
_COUNT = "select count(*) from {}"


def _catalogue(connection: psycopg.Connection[Any], target: Target) -> Catalogue:
    """The objects of the project's schemas, without the brackets of expressions."""
    found = take_catalogue(connection).subset(target.schemas)
    return Catalogue({key: _flat(value) for key, value in found.objects.items() if key.kind not in _LOST})


def _flat(properties: Any) -> dict[str, Any]:
    return {name: _BRACKETS.sub("", value) if isinstance(value, str) else value for name, value in properties.items()}


def _tables(catalogue: Catalogue) -> list[str]:
    return sorted(key.name for key in catalogue.objects if key.kind == "table")


def _dump(database: Database, path: Path, *arguments: str) -> Path:
    binaries = database.server.bin_dir
    if binaries is None:
        pytest.skip("no pg_dump is at hand for this server")
    command = [str(binaries / "pg_dump"), *arguments, "--dbname", database.conninfo(), "--file", str(path)]
    subprocess.run(command, check=True, env=database.server.client_environment())
    return path


@pytest.mark.parametrize(
    "arguments",
    [("--schema-only", "--schema=public", "--schema=private"), ("--schema=public", "--schema=private"), ()],
    ids=["own schemas", "own schemas and rows", "everything"],
)
def test_dump_builds_the_same_objects_and_rows(
    schemaproof_session: Session, sampled_db: Database, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    if not arguments and not schemaproof_session.server.is_local:
        pytest.skip("emulated extensions are objects there, which every database has before the dump makes them")
    target = schemaproof_session.target
    path = _dump(sampled_db, tmp_path / "dump.sql", *arguments)
    found = load_target(tmp_path, migrations=path, platform=target.platform)
    session = Session(schemaproof_session.server, schemaproof_session.platform, found)
    try:
        assert set(session.schemas) == set(target.schemas)
        with sampled_db.connect() as before, session.fresh().connect() as after:
            wanted = _catalogue(before, target)
            assert compare(wanted, _catalogue(after, target)) == ()
            assert ObjectKey("table", "public.tenants") in wanted.objects
            for table in _tables(wanted):
                rows = before.execute(_COUNT.format(table).encode()).fetchone()
                expected = (0,) if "--schema-only" in arguments else rows
                assert after.execute(_COUNT.format(table).encode()).fetchone() == expected, table
    finally:
        session.drop_all()
