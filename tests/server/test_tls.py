"""TLS with a real server: what each sslmode asks for is asked for, by every connection and every child."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
import trustme

from schemaproof.catalogue import dump_schema
from schemaproof.errors import ServerError
from schemaproof.server import Server, ServerSpec, attach_server, open_server
from schemaproof.server.account import server_account
from tests.command import schemaproof
from tests.server.conftest import eventually

HOST = "127.0.0.1"
SUITE = """
def test_own(db):
    assert db.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()").fetchone() == (True,)
"""


@dataclass(frozen=True)
class Authority:
    """One that signs certificates, and the folder where these and its own are."""

    ca: trustme.CA
    folder: Path

    @property
    def root(self) -> str:
        return str(self.folder / "root.pem")

    def settings(self, name: str, certificate: trustme.LeafCert) -> dict[str, str]:
        """What a server that presents this certificate has in its postgresql.conf."""
        chain, key = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        chain.write_bytes(b"".join(pem.bytes() for pem in certificate.cert_chain_pems))
        key.write_bytes(certificate.private_key_pem.bytes())
        key.chmod(0o600)
        server_account().give(key)
        return {
            "ssl": "on",
            "ssl_cert_file": str(chain),
            "ssl_key_file": str(key),
            "ssl_ca_file": self.root,
            "log_connections": "on",
        }


@pytest.fixture(scope="module")
def authority() -> Iterator[Authority]:
    folder = Path(tempfile.mkdtemp(prefix="sp-tls-"))
    folder.chmod(0o755)
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(folder / "root.pem"))
    trustme.CA().cert_pem.write_to_path(str(folder / "other.pem"))
    yield Authority(ca, folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def servers(authority: Authority) -> Iterator[Callable[[str], Server]]:
    """Servers with certificates of their own, started when they are first asked for."""
    since, until = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    certificates: Mapping[str, Callable[[], trustme.LeafCert]] = {
        "right": lambda: authority.ca.issue_cert(HOST),
        "elsewhere": lambda: authority.ca.issue_cert("db.example"),
        "expired": lambda: authority.ca.issue_cert(HOST, not_before=since, not_after=until),
    }
    started: dict[str, Server] = {}
    with ExitStack() as stack:

        def of(name: str) -> Server:
            if name not in started:
                settings = authority.settings(name, certificates[name]()) if name in certificates else {}
                started[name] = stack.enter_context(open_server(ServerSpec(kind="embedded", settings=settings)))
            return started[name]

        yield of


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PG")]:
        monkeypatch.delenv(name)


def dsn(server: Server, **parameters: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return f"postgresql://{server.superuser}:{server.password}@{HOST}:{server.parameters['port']}/postgres?{query}"


def speaks_tls(server: Server) -> bool:
    with server.connect() as connection:
        return connection.execute("select ssl from pg_stat_ssl where pid = pg_backend_pid()").fetchone() == (True,)


def refusal(conninfo: str, server: Server) -> ServerError:
    with pytest.raises(ServerError) as failure:
        open_server(ServerSpec(kind="dsn", dsn=conninfo))
    assert failure.value.exit_code == 2
    assert failure.value.remedy
    assert str(server.password) not in str(failure.value)
    return failure.value


@pytest.mark.parametrize(
    ("certificate", "sslmode"),
    [
        ("right", "require"),
        ("right", "verify-ca"),
        ("right", "verify-full"),
        ("elsewhere", "verify-ca"),
        ("elsewhere", "require"),
        ("expired", "require"),
    ],
)
def test_mode_is_satisfied_with_the_certificate(
    servers: Callable[[str], Server], authority: Authority, certificate: str, sslmode: str
) -> None:
    root = {} if sslmode == "require" else {"sslrootcert": authority.root}
    with open_server(ServerSpec(kind="dsn", dsn=dsn(servers(certificate), sslmode=sslmode, **root))) as server:
        assert speaks_tls(server)


@pytest.mark.parametrize(
    ("certificate", "sslmode", "root", "told"),
    [
        ("right", "verify-ca", "other.pem", "certificate"),
        ("right", "verify-full", "other.pem", "certificate"),
        ("right", "verify-full", "missing.pem", "missing.pem"),
        ("elsewhere", "verify-full", "root.pem", "db.example"),
        ("expired", "verify-ca", "root.pem", "expired"),
        ("expired", "verify-full", "root.pem", "expired"),
        ("none", "require", "root.pem", "SSL"),
        ("none", "verify-full", "root.pem", "SSL"),
    ],
)
def test_mode_that_is_not_satisfied_ends_before_the_password_is_sent(
    servers: Callable[[str], Server], authority: Authority, certificate: str, sslmode: str, root: str, told: str
) -> None:
    server = servers(certificate)
    error = refusal(dsn(server, sslmode=sslmode, sslrootcert=str(authority.folder / root)), server)
    assert "TLS" in error.message
    assert told in error.message
    assert "sslrootcert" in error.remedy


def test_systems_authorities_do_not_know_ours(servers: Callable[[str], Server]) -> None:
    server = servers("right")
    assert "TLS" in refusal(dsn(server, sslmode="verify-full", sslrootcert="system"), server).message


def test_mode_that_does_not_exist_is_no_servers_fault(servers: Callable[[str], Server]) -> None:
    server = servers("right")
    assert "server" not in refusal(dsn(server, sslmode="verify-fully"), server).message


def test_variables_of_libpq_count_where_the_dsn_is_silent(
    servers: Callable[[str], Server], authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = servers("right")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGSSLROOTCERT", str(authority.folder / "other.pem"))
    refusal(dsn(server), server)
    monkeypatch.setenv("PGSSLROOTCERT", authority.root)
    with open_server(ServerSpec(kind="dsn", dsn=dsn(server))) as named:
        assert speaks_tls(named)
    with open_server(ServerSpec(kind="dsn", dsn=dsn(server, sslmode="disable"))) as named:
        assert not speaks_tls(named)


@pytest.mark.parametrize("where", ["the DSN", "a variable"])
def test_certificate_named_by_a_relative_path_is_found_from_another_folder(
    servers: Callable[[str], Server],
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    monkeypatch.chdir(authority.folder)
    root = {"sslrootcert": "root.pem"} if where == "the DSN" else {}
    if not root:
        monkeypatch.setenv("PGSSLROOTCERT", "root.pem")
    with open_server(ServerSpec(kind="dsn", dsn=dsn(servers("right"), sslmode="verify-full", **root))) as named:
        monkeypatch.chdir(tmp_path)
        assert speaks_tls(named)
        assert speaks_tls(attach_server(named.handle()))


def test_other_processes_and_pg_dump_ask_for_the_same(servers: Callable[[str], Server], authority: Authority) -> None:
    server = servers("right")
    with open_server(
        ServerSpec(kind="dsn", dsn=dsn(server, sslmode="verify-full", sslrootcert=authority.root))
    ) as named:
        assert speaks_tls(attach_server(named.handle()))
        with psycopg.connect(named.loopback_conninfo()) as connection:
            assert connection.info.get_parameters()["sslmode"] == "verify-full"
        dump_schema(named, "postgres", ["public"])
    dumps = [line for line in connections(server) if "application_name=pg_dump" in line]
    assert dumps
    assert all("SSL enabled" in line for line in dumps)


def test_check_on_a_named_server_never_leaves_tls(
    servers: Callable[[str], Server], authority: Authority, tmp_path: Path
) -> None:
    server = servers("right")
    before = len(connections(server))
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "20250101000000_notes.sql").write_text("create table public.notes (id int primary key);")
    (tmp_path / "suites").mkdir()
    (tmp_path / "suites" / "test_own.py").write_text(SUITE)
    (tmp_path / "schemaproof.toml").write_text('platform = "plain"\nmigrations = "migrations"\nsuites = "suites"\n')
    url = dsn(server, sslmode="verify-full", sslrootcert=authority.root)
    done = schemaproof(tmp_path, "check", "--server", "dsn", DATABASE_URL=url)
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    assert str(server.password) not in done.stdout + done.stderr
    lines = connections(server)[before:]
    assert len(lines) > 10
    assert [line for line in lines if "SSL enabled" not in line] == []


def test_command_refuses_with_the_exit_code_of_the_environment(
    servers: Callable[[str], Server], authority: Authority, tmp_path: Path
) -> None:
    server = servers("expired")
    (tmp_path / "one.sql").write_text("create table public.notes (id int primary key);")
    url = dsn(server, sslmode="verify-full", sslrootcert=authority.root)
    done = schemaproof(tmp_path, "check", "--migrations", "one.sql", "--platform", "plain", "--dsn", url)
    assert done.returncode == 2
    assert "expired" in done.stderr
    assert str(server.password) not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_clients_own_certificate_is_presented_and_its_key_not_shown(
    servers: Callable[[str], Server], authority: Authority
) -> None:
    server = servers("elsewhere")
    certificate = authority.ca.issue_cert("client.example", common_name=server.superuser)
    chain, key = authority.folder / "client.crt", authority.folder / "client.key"
    certificate.cert_chain_pems[0].write_to_path(str(chain))
    certificate.private_key_pem.write_to_path(str(key))
    key.chmod(0o600)
    assert server.run_directory
    access = server.run_directory / "data" / "pg_hba.conf"
    access.write_text(f'local all all trust\nhostssl all "{server.superuser}" {HOST}/32 cert\n')
    with server.connect() as connection:
        connection.execute("select pg_reload_conf()")
    url = dsn(server, sslmode="verify-ca", sslrootcert=authority.root)
    eventually(lambda: refuses(url))
    secret = key.read_text().splitlines()[1]
    assert secret not in str(refusal(url, server))
    with open_server(ServerSpec(kind="dsn", dsn=f"{url}&sslcert={chain}&sslkey={key}")) as named:
        assert speaks_tls(named)
        assert secret not in repr(named)
    key.chmod(0o644)
    assert secret not in str(refusal(f"{url}&sslcert={chain}&sslkey={key}", server))


def refuses(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return True
    return False


def connections(server: Server) -> list[str]:
    """The lines of the log on sessions that came over the network."""
    assert server.run_directory
    log = (server.run_directory / "log").read_text()
    ports = set(re.findall(r"\[(\d+)\].*connection received: host=127\.0\.0\.1", log))
    authorized = re.findall(r"^.*\[(\d+)\].*(connection authorized: .*)$", log, re.MULTILINE)
    return [line for process, line in authorized if process in ports]
