"""A DSN is taken as it is written, and each way in which it does not do has its own message without the password."""

import socket

import psycopg
import pytest

from schemaproof.errors import ServerError, UsageError
from schemaproof.server import Server, ServerSpec, dsn, open_server


def spec(conninfo: str, *, needs_superuser: bool = True) -> ServerSpec:
    return ServerSpec(kind="dsn", dsn=conninfo, needs_superuser=needs_superuser)


def uri(server: Server, *, user: str | None = None, password: str | None = None, dbname: str = "postgres") -> str:
    user, password = user or server.superuser, password or server.password
    return f"postgresql://{user}:{password}@127.0.0.1:{server.parameters['port']}/{dbname}?sslmode=disable"


@pytest.fixture(scope="module")
def named(server: Server) -> Server:
    """A server that a DSN can name, with roles that do not do."""
    with server.connect() as connection:
        connection.execute("""
            create role weak login; create role maker login createdb; create role named_member login;
            create role group_role; grant group_role to named_member;
            alter role group_role set statement_timeout = '7s'
        """)
    return server


def refusal(conninfo: str) -> ServerError:
    with pytest.raises(ServerError) as failure:
        open_server(spec(conninfo))
    assert failure.value.remedy
    assert failure.value.exit_code == 2
    return failure.value


def test_named_server_answers_as_its_own_role(named: Server) -> None:
    with open_server(spec(uri(named) + "&application_name=mark")) as server:
        assert (server.kind, server.version, server.owned) == ("dsn", named.version, False)
        assert (server.superuser, server.is_superuser) == ("supabase_admin", True)
        with server.connect() as connection:
            row = connection.execute(
                "select session_user::text, current_setting('application_name'), current_database()::text"
            ).fetchone()
            assert row == ("supabase_admin", "mark", "postgres")
            assert connection.info.get_parameters()["sslmode"] == "disable"


def test_clients_of_the_same_major_version_are_found(named: Server) -> None:
    with open_server(spec(uri(named))) as server:
        assert server.bin_dir == named.bin_dir


def test_without_clients_of_its_version_there_is_none(named: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dsn, "find_client_programs", lambda major: None)
    with open_server(spec(uri(named))) as server:
        assert server.bin_dir is None


def test_callers_libpq_variables_count(named: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    assert named.password is not None
    monkeypatch.setenv("PGPASSWORD", named.password)
    monkeypatch.setenv("PGPORT", named.parameters["port"])
    with (
        open_server(spec("host=127.0.0.1 user=supabase_admin dbname=postgres")) as server,
        server.connect() as connection,
    ):
        assert connection.execute("select 1").fetchone() == (1,)
    assert server.client_environment()["PGPORT"] == named.parameters["port"]


def test_closing_ends_nothing(named: Server) -> None:
    open_server(spec(uri(named))).close()
    with named.connect() as connection:
        assert connection.execute("select 1").fetchone() == (1,)


@pytest.mark.parametrize("role", ["named_member", "group_role"])
def test_session_is_the_roles_without_its_password(named: Server, role: str) -> None:
    with open_server(spec(uri(named))) as server, server.connect(role=role) as connection:
        assert connection.execute("select session_user::text, current_user::text").fetchone() == (role, role)
        timeout = "7s" if role == "group_role" else "0"
        assert connection.execute("show statement_timeout").fetchone() == (timeout,)
    with psycopg.connect(server.conninfo(role=role)) as connection:
        assert connection.execute("select current_user::text").fetchone() == (role,)


def test_password_is_not_shown(named: Server) -> None:
    assert named.password is not None
    with open_server(spec(uri(named))) as server:
        assert named.password not in repr(server)
    assert named.password not in repr(spec(uri(named)))


def test_server_that_does_not_answer() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        error = refusal(f"postgresql://u:hunter2@127.0.0.1:{closed.getsockname()[1]}/d")
    assert "No server answers" in error.message
    assert "hunter2" not in str(error)


def test_server_that_is_no_postgresql() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        port = mute.getsockname()[1]
        error = refusal(f"postgresql://u:hunter2@127.0.0.1:{port}/d?connect_timeout=2")
    assert "No server answers" in error.message
    assert "hunter2" not in str(error)


def test_wrong_password_is_refused_and_not_repeated(named: Server) -> None:
    error = refusal(uri(named, password="hunter2"))
    assert "refuses" in error.message
    assert "hunter2" not in str(error)


def test_unknown_database_is_refused(named: Server) -> None:
    error = refusal(uri(named, dbname="no_such_database"))
    assert "refuses" in error.message
    assert "no_such_database" in error.message


@pytest.mark.parametrize(
    "unreadable",
    ["postgresql://u:hun/ter2@h:x/d", "postgresql://u:hunter2@[h/d", "password=hunter2 host", "port='hunter2"],
)
def test_unreadable_dsn_is_not_repeated(unreadable: str) -> None:
    assert "hunter2" not in str(refusal(unreadable))
    assert "ter2" not in str(refusal(unreadable))


@pytest.mark.parametrize(
    ("unencoded", "pieces"),
    [
        ("postgresql://u:first@second@127.0.0.1/x", ("first", "second")),
        ("postgres://u:first@second@third@127.0.0.1:1/x?sslmode=disable", ("first", "second", "third")),
        ("postgresql://u:7777/second@127.0.0.1/x", ("7777", "second")),
        ("postgresql://u:7777/@127.0.0.1/x", ("7777",)),
    ],
)
def test_password_that_is_not_encoded_is_refused_before_a_part_of_it_passes_for_a_host(
    unencoded: str, pieces: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[object] = []
    monkeypatch.setattr(psycopg, "connect", lambda **parameters: tries.append(parameters))
    error = refusal(unencoded)
    assert tries == []
    assert "%40" in error.remedy
    assert not any(piece in str(error) for piece in pieces)


@pytest.mark.parametrize("query", ["application_name=me@home", "options=-c%20search_path%3Da/b"])
def test_at_or_slash_behind_the_question_mark_is_read(named: Server, query: str) -> None:
    open_server(spec(f"{uri(named)}&{query}")).close()


@pytest.mark.parametrize("empty", ["", " "])
def test_empty_dsn_is_told_as_such(empty: str) -> None:
    with pytest.raises(UsageError) as refused:
        spec(empty)
    assert "empty" in refused.value.message
    assert "postgresql://" in refused.value.remedy


@pytest.mark.parametrize(("role", "lacking"), [("weak", True), ("maker", False)])
def test_role_that_may_too_little_is_told_what_it_lacks(named: Server, role: str, lacking: bool) -> None:
    error = refusal(named.conninfo(role=role))
    assert role in error.message
    assert ("CREATEDB" in error.message) is lacking


def test_ordinary_role_will_do_for_work_in_its_own_database(named: Server) -> None:
    with open_server(spec(named.conninfo(role="named_member"), needs_superuser=False)) as server:
        assert (server.superuser, server.is_superuser) == ("named_member", False)
        with server.connect(role="group_role") as connection:
            assert connection.execute("select session_user::text, current_user::text").fetchone() == (
                "named_member",
                "group_role",
            )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            server.connect(role="supabase_admin")


def test_too_old_a_server_is_refused(named: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dsn, "OLDEST_MAJOR", 99)
    assert str(named.version // 10000) in refusal(uri(named)).message
