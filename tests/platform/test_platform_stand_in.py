"""A server without the emulated files, as behind a DSN: the same surface from plain objects that make up extensions."""

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schemaproof.database import Database, unique_name
from schemaproof.platform.cron import run_due_jobs
from schemaproof.server import Server, ServerSpec
from tests.installed import open_or_skip
from tests.platform.statements import SUPABASE, installed, sqlstate, value

EMULATED = [extension.name for extension in SUPABASE.extensions if extension.name != "schemaproof_trusted"]
MEMBERS = """
    select pg_describe_object(classid, objid, objsubid) from pg_depend
    where refclassid = 'pg_extension'::regclass and deptype = 'e'
    and refobjid = (select oid from pg_extension where extname = %s)
    and classid <> 'pg_type'::regclass
"""


@pytest.fixture(scope="module", params=["embedded", "system"])
def foreign(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database on a server with none of schemaproof's files, whose superuser is not its bootstrap superuser."""
    with open_or_skip(ServerSpec(kind=request.param, superuser="somebody")) as server:
        with server.connect() as connection:
            SUPABASE.create_roles(connection)
        yield installed(server)


def _files(server: Server) -> set[Path]:
    with server.connect() as connection:
        folder = Path(str(value(connection, "show unix_socket_directories")))
    return {path for path in folder.rglob("*") if not path.name.startswith(".s.PGSQL")}


@pytest.mark.parametrize("name", EMULATED)
def test_migration_finds_the_extension_there(foreign: Database, name: str) -> None:
    with foreign.connect(role="postgres") as postgres:
        assert sqlstate(postgres, f'create extension if not exists "{name}"') is None


def test_stand_ins_are_reported_as_emulated(foreign: Database) -> None:
    with foreign.connect() as connection:
        real = {part.name: part.real for part in SUPABASE.parts(connection)}
    assert real["pgcrypto"]
    assert not real["pg_cron"]
    assert not real["supabase_vault"]


@pytest.mark.parametrize("name", ["pg_cron", "supabase_vault", "vector", "pgsodium"])
def test_stand_in_has_the_members_of_the_extension(foreign: Database, template: Database, name: str) -> None:
    with template.connect(autocommit=False) as connection:
        place = "with schema extensions" if name == "vector" else ""
        connection.execute(f"create extension if not exists {name} {place}")
        expected = set(connection.execute(MEMBERS, (name,)).fetchall())
        connection.rollback()
    with foreign.connect() as connection:
        members = set(connection.execute(MEMBERS, (name,)).fetchall())
    assert expected
    assert members - expected <= {("table vault._root_keys",)}
    assert expected - members == set()


def test_vaults_root_key_is_for_no_role_that_may_not_decrypt_anyway(foreign: Database) -> None:
    """postgres and service_role read every secret decrypted; postgres also reads all tables (pg_read_all_data)."""
    with foreign.connect(role="postgres", autocommit=False) as postgres:
        postgres.execute("select vault.create_secret('hidden', 'token')")
        assert value(postgres, "select decrypted_secret from vault.decrypted_secrets") == "hidden"
        for role in ("anon", "authenticated", "service_role", "authenticator"):
            postgres.execute(f"set local role {role}")
            assert sqlstate(postgres, "select from vault._root_keys") == "42501"
            assert sqlstate(postgres, "select vault._root_key()") == "42501"
        postgres.rollback()
    assert _files(foreign.server) == set(), "no file is left on a server that is not schemaproof's"


def test_scheduler_runs_jobs_of_the_stand_in(foreign: Database) -> None:
    clone = Database.create(foreign.server, unique_name("clone"), template=foreign.name)
    noon = datetime(2024, 2, 28, 12, 0, tzinfo=UTC)
    with clone.connect(role="postgres") as postgres:
        postgres.execute("select cron.schedule('one', '* * * * *', 'select 1')")
        assert sqlstate(postgres, "delete from cron.job") == "42501"
    assert [run.status for run in run_due_jobs(clone.connect, noon, noon + timedelta(minutes=1))] == ["succeeded"]
    clone.drop()


def test_stand_in_is_dropped_whole_and_depends_on_its_owner(foreign: Database) -> None:
    with foreign.connect(autocommit=False) as connection:
        connection.execute("drop extension pg_cron")
        assert value(connection, "select to_regnamespace('cron')") is None
        assert value(connection, "select count(*) from pg_depend where refobjid = 'vault'::regnamespace") != 0
        assert sqlstate(connection, "drop schema vault") == "2BP01"
        assert sqlstate(connection, "drop role supabase_admin") == "2BP01"
        connection.rollback()


def test_dump_names_the_extension_and_leaves_out_its_members(foreign: Database) -> None:
    program = foreign.server.bin_dir / "pg_dump" if foreign.server.bin_dir else shutil.which("pg_dump")
    if not program or not Path(program).exists():
        pytest.skip("there is no pg_dump of the server's version")
    command = [program, "--schema-only", "--dbname", foreign.conninfo()]
    dump = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "CREATE EXTENSION IF NOT EXISTS pg_cron" in dump
    assert "CREATE FUNCTION cron.schedule" not in dump
    assert "CREATE TABLE cron.job " not in dump
