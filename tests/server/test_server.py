"""A started server is private and as production as a test server can be; connections are who they say they are."""

import json
import os
import signal
import socket
import stat
from pathlib import Path

import psycopg
import pytest

from schemaproof.errors import ServerError, UsageError
from schemaproof.server import Server, ServerSpec, attach_server, open_server
from schemaproof.server.port import free_port


def one(server: Server, query: str, dbname: str | None = None, role: str | None = None) -> object:
    with server.connect(dbname, role=role) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def run_directory(server: Server) -> Path:
    assert server.run_directory is not None
    return server.run_directory


def test_tells_what_it_is(server: Server) -> None:
    assert one(server, "select current_setting('server_version_num')::int") == server.version
    assert one(server, "select session_user") == server.superuser == "supabase_admin"
    assert one(server, "select bool_and(rolsuper) from pg_roles where rolname = session_user") is True
    assert server.owned
    assert server.bin_dir is not None
    assert (server.bin_dir / "pg_dump").exists()


def test_sorts_by_code_point_and_knows_letters_on_every_version(server: Server) -> None:
    assert one(server, "show server_encoding") == "UTF8"
    assert one(server, "select string_agg(v, '' order by v) from (values ('b'), ('a'), ('B'), ('ä')) t (v)") == "Babä"
    assert one(server, "select upper('äßé')") == "ÄßÉ"


def test_publications_need_no_warning(server: Server) -> None:
    notices: list[str] = []
    with server.connect() as connection:
        connection.add_notice_handler(lambda notice: notices.append(notice.message_primary or ""))
        connection.execute("create publication everything for all tables; drop publication everything")
    assert notices == []


def test_statements_never_reach_the_log(server: Server) -> None:
    with server.connect() as connection, pytest.raises(psycopg.errors.DivisionByZero):
        connection.execute("select 1 / 0, %s, 'literal-secret'", ("parameter-secret",))
    log = (run_directory(server) / "log").read_text()
    assert "division by zero" in log
    assert "secret" not in log


def test_nobody_else_can_enter(server: Server) -> None:
    run = run_directory(server)
    assert stat.S_IMODE((run / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((run / "s").stat().st_mode) == 0o700
    assert not run.stat().st_mode & stat.S_IRWXO
    assert len(os.fsencode(run / "s" / ".s.PGSQL.65535")) < 108


def test_loopback_wants_the_password(server: Server) -> None:
    with psycopg.connect(server.loopback_conninfo()) as connection:
        assert connection.execute("select inet_server_addr()::text").fetchone() == ("127.0.0.1/32",)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.loopback_conninfo(), password="wrong")


def test_listens_on_loopback_only(server: Server) -> None:
    assert one(server, "show listen_addresses") == "127.0.0.1"
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", int(server.parameters["port"])))


@pytest.fixture
def roles(server: Server) -> Server:
    with server.connect() as connection:
        connection.execute("""
            drop role if exists may_log_in, "may not";
            create role may_log_in login;
            create role "may not" nologin;
            alter role may_log_in set search_path = 'one, two', three;
            alter role "may not" set statement_timeout = '3s';
            alter role "may not" in database postgres set statement_timeout = '4s'
        """)
    return server


@pytest.mark.parametrize("role", ["may_log_in", "may not"])
def test_session_is_the_roles_whether_it_may_log_in_or_not(roles: Server, role: str) -> None:
    assert one(roles, "select session_user", role=role) == role
    assert one(roles, "select current_user", role=role) == role
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        one(roles, "select rolpassword from pg_authid", role=role)


def test_session_has_the_roles_settings(roles: Server) -> None:
    assert one(roles, "show search_path", role="may_log_in") == '"one, two", three'
    assert one(roles, "show statement_timeout", dbname="postgres", role="may not") == "4s"
    assert one(roles, "show statement_timeout", dbname="template1", role="may not") == "3s"


@pytest.mark.parametrize("autocommit", [True, False])
@pytest.mark.parametrize("role", [None, "may_log_in", "may not"])
def test_session_starts_outside_a_transaction(roles: Server, role: str | None, autocommit: bool) -> None:
    with roles.connect(role=role, autocommit=autocommit) as connection:
        assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
        assert connection.autocommit == autocommit


def test_unknown_role_or_database_is_psycopgs_error(server: Server) -> None:
    with pytest.raises(psycopg.Error):
        server.connect(role="nobody at all")
    with pytest.raises(psycopg.OperationalError):
        server.connect("no database")


def test_callers_libpq_variables_do_not_reach_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        "PGHOST": "127.0.0.9",
        "PGHOSTADDR": "127.0.0.9",
        "PGOPTIONS": "-c statement_timeout=1234",
        "PGSERVICE": "nowhere",
        "PGTZ": "Asia/Tokyo",
        "PGREQUIREAUTH": "scram-sha-256",
        "PGUSER": "somebody",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert one(server, "select current_setting('statement_timeout') || current_setting('timezone')") == "0UTC"
    assert {name: os.environ[name] for name in variables} == variables
    assert not variables.keys() & server.client_environment().keys()


def test_another_process_joins_by_the_handle(server: Server) -> None:
    joined = attach_server(json.loads(json.dumps(server.handle())))
    joined.close()
    assert (joined.kind, joined.version, joined.superuser, joined.bin_dir, joined.owned) == (
        server.kind,
        server.version,
        server.superuser,
        server.bin_dir,
        True,
    )
    assert one(joined, "select inet_server_addr() is null") is True
    assert joined.loopback_conninfo() == server.loopback_conninfo()


def test_password_is_not_shown(server: Server) -> None:
    assert server.password is not None
    assert server.password not in repr(server)


def test_two_runs_do_not_collide(server: Server) -> None:
    with open_server(ServerSpec(kind="embedded")) as other:
        assert other.parameters["port"] != server.parameters["port"]
        assert run_directory(other) != run_directory(server)
        assert one(other, "select 1") == one(server, "select 1")


def test_taken_port_is_given_up_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = [taken.getsockname()[1], free_port()]
        monkeypatch.setattr("schemaproof.server.started.free_port", lambda: ports.pop(0))
        with open_server(ServerSpec(kind="embedded")) as server:
            assert server.parameters["port"] != str(taken.getsockname()[1])
    assert ports == []


def test_settings_and_environment_are_the_servers() -> None:
    spec = ServerSpec(
        kind="embedded", superuser="Al Brien", settings={"log_line_prefix": "it's %m "}, environment={"MARK": "7"}
    )
    with open_server(spec) as server:
        assert one(server, "show log_line_prefix") == "it's %m "
        assert one(server, "select session_user") == "Al Brien"
        pid = (run_directory(server) / "data" / "postmaster.pid").read_text().splitlines()[0]
        assert b"MARK=7" in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        assert "MARK" not in os.environ
        with psycopg.connect(server.loopback_conninfo()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)


def test_failing_start_shows_the_log_and_leaves_nothing(runs: Path) -> None:
    with pytest.raises(ServerError) as failure:
        open_server(ServerSpec(kind="embedded", settings={"shared_preload_libraries": "no_such_library"}))
    assert "no_such_library" in failure.value.message
    assert failure.value.remedy
    assert not list(runs.iterdir())


@pytest.mark.parametrize(("kind", "dsn"), [("embeded", None), ("dsn", None), ("auto", "host=somewhere")])
def test_wrong_specification_is_a_usage_error(kind: str, dsn: str | None) -> None:
    with pytest.raises(UsageError):
        ServerSpec(kind=kind, dsn=dsn)  # type: ignore[arg-type]  # that is the point


def test_shared_memory_goes_with_the_data_directory(server: Server) -> None:
    with server.connect() as connection:
        assert connection.execute("show dynamic_shared_memory_type").fetchone() == ("mmap",)


def test_interrupted_connection_is_closed_while_the_interrupt_is_still_handled() -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            silent.settimeout(10)
            parameters = {"host": "127.0.0.1", "port": str(silent.getsockname()[1]), "sslmode": "disable"}
            named = Server(
                "dsn", 170000, "nobody", None, owned=False, parameters={**parameters, "gssencmode": "disable"}
            )
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            try:
                named.connect()
            except KeyboardInterrupt:
                accepted, _ = silent.accept()
                with accepted:
                    accepted.settimeout(10)
                    assert accepted.recv(1000)  # the start-up message
                    assert accepted.recv(1000) == b""
            else:
                pytest.fail("nobody answers there")
    finally:
        signal.signal(signal.SIGALRM, before)
