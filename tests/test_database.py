"""Databases of schemaproof's own: made, cloned with all that belongs to them, dropped, and no other touched."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from schemaproof.database import PREFIX, Database, unique_name
from schemaproof.errors import ServerError
from schemaproof.server import Server, ServerSpec, open_server
from tests.installed import open_or_skip

PRIVILEGES = """
select datdba::regrole::text, datacl::text[], pg_encoding_to_char(encoding), datcollate, datctype
from pg_database
where datname = %s
"""
SETTINGS = """
select setrole::regrole::text, setconfig
from pg_db_role_setting join pg_database on pg_database.oid = setdatabase
where datname = %s
order by 1
"""
DEPENDENCIES = """
select deptype::text, refobjid::regrole::text
from pg_shdepend join pg_database on pg_database.oid = objid
where classid = 'pg_database'::regclass and datname = %s
order by 1, 2
"""


@pytest.fixture(scope="module", params=["embedded", "system", "dsn"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with open_or_skip(ServerSpec(kind="system" if request.param == "system" else "embedded")) as started:
        with started.connect() as connection:
            connection.execute("create role db_owner; create role db_guest login; create role db_other")
        if request.param != "dsn":
            yield started
            return
        with open_server(ServerSpec(kind="dsn", dsn=started.loopback_conninfo())) as named:
            yield named


@pytest.fixture
def template(server: Server) -> Iterator[Database]:
    database = Database.create(server, unique_name("template"), owner="db_owner")
    with database.connect() as connection:
        connection.execute("create table t as select generate_series(1, 10) as i")
        for statement in (
            "revoke temporary on database {} from public",
            "grant connect, create on database {} to db_guest with grant option",
            'alter database {} set search_path to "one, two", three',
            "alter database {} set statement_timeout to '5min'",
            "alter role db_guest in database {} set work_mem to '5MB'",
            "set session authorization db_guest; grant connect on database {} to db_other",
        ):
            connection.execute(sql.SQL(statement).format(sql.Identifier(database.name)))
    yield database
    database.drop()


def rows(server: Server, query: str, name: str) -> list[tuple[object, ...]]:
    with server.connect() as connection:
        return connection.execute(query, (name,)).fetchall()


def names(server: Server) -> set[str]:
    with server.connect() as connection:
        return {name for (name,) in connection.execute("select datname::text from pg_database")}


def test_clone_has_owner_privileges_and_settings(server: Server, template: Database) -> None:
    clone = Database.create(server, unique_name("clone"), template=template.name)
    for query in (PRIVILEGES, SETTINGS, DEPENDENCIES):
        original = rows(server, query, template.name)
        assert original
        assert rows(server, query, clone.name) == original
    clone.drop()


def test_clones_settings_and_privileges_are_in_force(server: Server, template: Database) -> None:
    clone = Database.create(server, unique_name("clone"), template=template.name)
    with clone.connect(role="db_guest") as connection:
        assert connection.execute("show search_path").fetchone() == ('"one, two", three',)
        assert connection.execute("show work_mem").fetchone() == ("5MB",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create temporary table x ()")
    clone.drop()


def test_clone_has_the_rows_and_the_template_does_not_see_its_changes(server: Server, template: Database) -> None:
    clone = Database.create(server, unique_name("clone"), template=template.name)
    with clone.connect() as connection:
        connection.execute("delete from public.t where i > 3")
        assert connection.execute("select count(*) from public.t").fetchone() == (3,)
    with template.connect() as connection:
        assert connection.execute("select count(*) from public.t").fetchone() == (10,)
    clone.drop()


def test_clone_for_another_owner_passes_the_old_ones_rights_on(server: Server, template: Database) -> None:
    clone = Database.create(server, unique_name("clone"), template=template.name, owner="db_other")
    ((owner, privileges, *_),) = rows(server, PRIVILEGES, clone.name)
    assert owner == "db_other"
    assert "db_guest=C*c*/db_other" in privileges  # type: ignore[operator]  # an array
    clone.drop()


def test_role_of_a_dropped_clone_can_be_dropped(server: Server) -> None:
    with server.connect() as connection:
        connection.execute("drop role if exists passing; create role passing")
        template = Database.create(server, unique_name("template"))
        name = sql.Identifier(template.name)
        connection.execute(sql.SQL("grant connect on database {} to passing").format(name))
        clone = Database.create(server, unique_name("clone"), template=template.name)
        template.drop()
        with pytest.raises(psycopg.errors.DependentObjectsStillExist):
            connection.execute("drop role passing")
        clone.drop()
        connection.execute("drop role passing")


def test_new_database_is_empty_and_its_owners(server: Server) -> None:
    database = Database.create(server, unique_name("new"), owner="db_owner")
    assert rows(server, PRIVILEGES, database.name) == [("db_owner", None, "UTF8", "C", "C.UTF-8")]
    with database.connect() as connection:
        assert connection.execute("select current_database()::text").fetchone() == (database.name,)
    with psycopg.connect(database.conninfo()) as connection:
        assert connection.info.dbname == database.name
    database.drop()
    assert database.name not in names(server)


def test_drop_ends_the_sessions_in_it_and_twice_does_no_harm(server: Server) -> None:
    database = Database.create(server, unique_name("busy"))
    with pytest.raises(psycopg.errors.AdminShutdown), database.connect() as connection:
        database.drop()
        connection.execute("select 1")
    database.drop()
    assert database.name not in names(server)


@pytest.mark.parametrize("name", ["postgres", "template1", "schemaproof", "Schemaproof_x"])
def test_databases_of_others_are_neither_made_nor_dropped(server: Server, name: str) -> None:
    before = names(server)
    with pytest.raises(ServerError):
        Database.create(server, name)
    with pytest.raises(ServerError):
        Database(server, name).drop()
    assert names(server) == before


def test_unknown_template_or_owner_is_postgresqls_error(server: Server) -> None:
    before = names(server)
    with pytest.raises(psycopg.errors.InvalidCatalogName):
        Database.create(server, unique_name("x"), template="no_such_template")
    with pytest.raises(psycopg.errors.UndefinedObject):
        Database.create(server, unique_name("x"), owner="no_such_role")
    assert names(server) == before


def test_failed_restoration_leaves_no_clone(server: Server, template: Database) -> None:
    before = names(server)
    with pytest.raises(psycopg.errors.UndefinedObject):
        Database.create(server, unique_name("x"), template=template.name, owner="no_such_role")
    assert names(server) == before


def test_session_left_in_an_own_template_is_ended(server: Server, template: Database) -> None:
    with pytest.raises(psycopg.errors.AdminShutdown), template.connect() as left:
        Database.create(server, unique_name("clone"), template=template.name).drop()
        left.execute("select 1")


def test_session_in_anothers_template_is_left_alone(server: Server) -> None:
    if server.kind == "system":
        pytest.skip("PostgreSQL waits five seconds: once for a started and once for a named server is enough")
    with server.connect() as connection:
        connection.execute("drop database if exists theirs")
        connection.execute("create database theirs")
        with server.connect("theirs") as theirs:
            with pytest.raises(ServerError) as failure:
                Database.create(server, unique_name("clone"), template="theirs")
            assert "theirs" in failure.value.message
            assert theirs.execute("select 1").fetchone() == (1,)
        connection.execute("drop database theirs with (force)")


def test_many_clone_one_template_at_once(server: Server, template: Database) -> None:
    clones: list[Database] = []

    def clone() -> None:
        clones.append(Database.create(server, unique_name("clone"), template=template.name))

    threads = [threading.Thread(target=clone) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({database.name for database in clones}) == 6
    for database in clones:
        assert rows(server, SETTINGS, database.name) == rows(server, SETTINGS, template.name)
        database.drop()


def test_names_are_unique_and_short_enough() -> None:
    made = [unique_name(kind) for kind in ("base", "base", "Ünïcode; drop table", "x" * 100, "")]
    assert len(set(made)) == len(made)
    for name in made:
        assert name.startswith(PREFIX)
        assert len(name) <= 63
        assert name.isascii()
        assert name.replace("_", "").isalnum()


def test_names_of_other_processes_differ() -> None:
    code = "from schemaproof.database import unique_name; print(unique_name('a'))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    ours = unique_name("a")
    assert other.rpartition("_")[0] != ours.rpartition("_")[0]

    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, unique_name("a").encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 100).decode().rpartition("_")[0] != unique_name("a").rpartition("_")[0]
    os.close(reading)
    os.close(writing)
