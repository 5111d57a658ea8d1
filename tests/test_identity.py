import json
from collections.abc import Iterator

import psycopg
import pytest

from schemaproof.database import Database, unique_name
from schemaproof.identity import Identity, acting_as, anon, member, service
from schemaproof.server import Server

CLAIMS = "select current_setting('request.jwt.claims', true)"


@pytest.fixture
def connection(supabase_server: Server) -> Iterator[psycopg.Connection]:
    database = Database.create(supabase_server, unique_name("identity"))
    with database.connect(autocommit=False) as opened:
        yield opened
    database.drop()


def _one(connection: psycopg.Connection, query: str) -> object:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("autocommit", [False, True])
def test_identity_is_on_in_the_block_and_off_after_it(connection: psycopg.Connection, autocommit: bool) -> None:
    connection.autocommit = autocommit
    with acting_as(connection, member("t1", workspace_id="w")):
        assert _one(connection, "select current_user::text") == "authenticated"
        assert json.loads(str(_one(connection, CLAIMS))) == {
            "role": "authenticated",
            "tenant_id": "t1",
            "workspace_id": "w",
        }
    assert _one(connection, "select current_user::text") == "supabase_admin"
    assert not _one(connection, CLAIMS)


def test_identities_nest(connection: psycopg.Connection) -> None:
    with acting_as(connection, anon()):
        with acting_as(connection, service(role="anon")):
            pass
        assert _one(connection, "select current_user::text") == "anon"
        assert json.loads(str(_one(connection, CLAIMS))) == {"role": "anon"}


def test_role_settings_hold_for_the_block_only(connection: psycopg.Connection) -> None:
    with acting_as(connection, anon()):
        assert _one(connection, "show statement_timeout") == "3s"
    assert _one(connection, "show statement_timeout") == "0"


def test_setting_of_the_role_for_this_database_wins(connection: psycopg.Connection) -> None:
    name = connection.info.dbname
    connection.execute(f'alter role anon in database "{name}" set statement_timeout = "7s"'.encode())
    with acting_as(connection, anon()):
        assert _one(connection, "show statement_timeout") == "7s"


def test_work_stays_when_the_block_ends_well_and_goes_when_it_raises(connection: psycopg.Connection) -> None:
    connection.execute("create table t (id int); grant all on t to anon")
    with acting_as(connection, anon()):
        connection.execute("insert into t values (1)")
    with pytest.raises(KeyError), acting_as(connection, anon()):
        connection.execute("insert into t values (2)")
        raise KeyError
    assert connection.execute("select id from t").fetchall() == [(1,)]
    assert _one(connection, "select current_user::text") == "supabase_admin"


def test_refused_statement_caught_inside_the_block_undoes_it(connection: psycopg.Connection) -> None:
    connection.execute("create table t (id int); grant insert on t to anon")
    with acting_as(connection, anon()):
        connection.execute("insert into t values (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from t")
    assert connection.execute("select id from t").fetchall() == []


def test_absent_claims_are_left_unset_and_those_of_an_earlier_request_are_emptied(
    connection: psycopg.Connection,
) -> None:
    nobody = Identity("nobody", "anon")
    with acting_as(connection, nobody):
        assert _one(connection, CLAIMS) is None
    with acting_as(connection, member("t1")), acting_as(connection, nobody):
        assert _one(connection, CLAIMS) == ""
