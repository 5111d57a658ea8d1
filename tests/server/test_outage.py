"""The server's own failures are told apart from its answers, on errors that a real server raised."""

from collections.abc import Iterator

import psycopg
import pytest

from schemaproof.errors import OutageError
from schemaproof.server import Server, ServerSpec, open_server, outage_of, outages_told


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with open_server(ServerSpec(kind="embedded")) as opened:
        yield opened


def error_of(connection: psycopg.Connection[tuple[object, ...]], statement: str) -> psycopg.Error:
    with pytest.raises(psycopg.Error) as caught:
        connection.execute(statement)
    return caught.value


def test_lack_of_resources_is_an_outage(server: Server) -> None:
    with server.connect() as connection:
        connection.execute("set temp_file_limit = 1; set work_mem = '64kB'")
        error = error_of(connection, "select count(*) from (select from generate_series(1, 1e5) as i order by i) as s")
    assert error.sqlstate == "53400"
    outage = outage_of(error)
    assert outage is not None
    assert outage.exit_code == 2
    assert "53400" in outage.message
    assert outage.remedy


def test_ended_session_and_what_follows_on_it_are_outages(server: Server) -> None:
    with server.connect() as connection:
        first = error_of(connection, "select pg_terminate_backend(pg_backend_pid())")
        second = error_of(connection, "select 1")
    assert (first.sqlstate, second.sqlstate) == ("57P01", None)
    assert outage_of(first) is not None
    assert outage_of(second) is not None


def test_server_that_is_gone_is_an_outage() -> None:
    with open_server(ServerSpec(kind="embedded")) as server:
        pass
    with pytest.raises(OutageError), outages_told():
        server.connect()


@pytest.mark.parametrize(
    ("statement", "sqlstate"),
    [
        ("select 1 / 0", "22012"),
        ("select from nowhere", "42P01"),
        ("set statement_timeout = 1; select pg_sleep(1)", "57014"),
        ("do $$ begin raise exception using errcode = 'P0001'; end $$", "P0001"),
    ],
)
def test_servers_answer_is_no_outage_and_passes_as_it_is(server: Server, statement: str, sqlstate: str) -> None:
    with server.connect() as connection, pytest.raises(psycopg.Error) as caught, outages_told():
        connection.execute(statement)
    assert caught.value.sqlstate == sqlstate
    assert outage_of(caught.value) is None
