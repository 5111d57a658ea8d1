"""A server in a container: open to loopback alone, and gone with its owner, however that ends."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from schemaproof.config import load_target
from schemaproof.errors import ServerError
from schemaproof.server import Server, ServerSpec, attach_server, container, open_server
from schemaproof.server.daemon import connect_docker
from schemaproof.session import open_session
from tests.command import hearing_signals
from tests.installed import needs_container

from .conftest import eventually

OWNER = Path(__file__).with_name("container_owner.py")


@pytest.fixture(scope="module")
def image() -> str:
    return needs_container()


@pytest.fixture(scope="module")
def docker(image: str) -> Iterator[Any]:
    with connect_docker() as client:
        yield client


@pytest.fixture(scope="module")
def server(image: str) -> Iterator[Server]:
    with open_server(ServerSpec(kind="container", image=image)) as opened:
        yield opened


def value(connection: psycopg.Connection[Any], query: str) -> Any:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def on_port(docker: Any, port: str) -> list[Any]:
    return [each for each in docker.containers.list() if _published(each) and _published(each)[0]["HostPort"] == port]


def _published(each: Any) -> list[dict[str, str]]:
    return each.attrs["NetworkSettings"]["Ports"].get("5432/tcp") or []


def ids(docker: Any) -> set[str]:
    return {each.id for each in docker.containers.list(all=True)}


@contextmanager
def nothing_left(docker: Any) -> Iterator[None]:
    containers, volumes = ids(docker), {each.id for each in docker.volumes.list()}
    yield
    assert ids(docker) <= containers
    assert {each.id for each in docker.volumes.list()} <= volumes


@contextmanager
def changed(docker: Any, image: str, *changes: str) -> Iterator[str]:
    """Make an image that differs in what it runs."""
    made = docker.containers.create(image)
    name = "schemaproof-test-changed"
    try:
        yield made.commit(name, changes=list(changes)).id
    finally:
        made.remove(v=True)
        docker.images.remove(name, force=True)


def test_server_is_bootstrapped_as_asked_in_utf8_and_without_fsync(server: Server, image: str) -> None:
    assert (server.kind, server.owned, server.image, server.run_directory) == ("container", True, image, None)
    with server.connect() as connection:
        assert connection.info.server_version == server.version
        assert value(connection, "select rolname from pg_roles where oid = 10") == "supabase_admin"
        assert value(connection, "show server_encoding") == "UTF8"
        assert value(connection, "show lc_collate") == "C"
        assert value(connection, "show fsync") == "off"


def test_container_is_published_on_loopback_only(server: Server, docker: Any) -> None:
    (found,) = on_port(docker, server.parameters["port"])

    assert {each["HostIp"] for each in _published(found)} == {"127.0.0.1"}


def test_nobody_enters_without_the_password(server: Server) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**{**server.parameters, "password": "wrong"})  # type: ignore[arg-type]  # all are strings


def test_password_is_shown_nowhere(server: Server) -> None:
    assert server.parameters["password"] not in repr(server)


def test_role_without_a_password_is_assumed_with_its_settings(server: Server) -> None:
    with server.connect() as connection:
        connection.execute("create role visitor login; alter role visitor set statement_timeout = '3s'")
    try:
        with server.connect(role="visitor") as connection:
            assert value(connection, "select session_user") == "visitor"
            assert value(connection, "show statement_timeout") == "3s"
        with psycopg.connect(server.conninfo(role="visitor")) as connection:
            assert value(connection, "select current_user") == "visitor"
    finally:
        with server.connect() as connection:
            connection.execute("drop role visitor")


def test_variables_of_the_caller_do_not_reach_it(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=1234")

    with server.connect() as connection:
        assert value(connection, "show statement_timeout") == "0"
    assert "PGOPTIONS" not in server.client_environment()


def test_other_process_joins_by_the_handle(server: Server) -> None:
    joined = attach_server(json.loads(json.dumps(server.handle())))

    with joined, joined.connect() as connection:
        assert value(connection, "select 1") == 1
    with server.connect() as connection:  # leaving ended nothing
        assert value(connection, "select 1") == 1


def test_killed_process_is_the_containers_and_the_server_recovers(server: Server) -> None:
    with server.connect() as victim:
        server.kill(victim.info.backend_pid)
        with pytest.raises(psycopg.OperationalError):
            victim.execute("select pg_sleep(10)")

    eventually(lambda: _answers(server))


def _answers(server: Server) -> bool:
    try:
        server.connect().close()
    except psycopg.OperationalError:
        return False
    return True


def test_closed_server_leaves_no_container_and_no_volume(docker: Any, image: str) -> None:
    with nothing_left(docker), open_server(ServerSpec(kind="container", image=image)) as opened:
        assert on_port(docker, opened.parameters["port"])


@pytest.fixture
def start_owner(image: str) -> Iterator[Callable[[], tuple[subprocess.Popen[str], dict[str, Any]]]]:
    processes = []

    def start() -> tuple[subprocess.Popen[str], dict[str, Any]]:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with hearing_signals():
            process = subprocess.Popen(
                [sys.executable, str(OWNER), image], stdout=subprocess.PIPE, text=True, env=environment
            )
        processes.append(process)
        assert process.stdout is not None
        return process, json.loads(process.stdout.readline())

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_container_goes_when_the_owner_is_killed(docker: Any, start_owner: Any, number: signal.Signals) -> None:
    owner, told = start_owner()
    assert on_port(docker, told["port"])

    os.kill(owner.pid, number)

    eventually(lambda: not on_port(docker, told["port"]))


def test_next_run_removes_what_a_killed_guardian_left(docker: Any, image: str, start_owner: Any) -> None:
    owner, told = start_owner()
    os.kill(told["guardian"], signal.SIGKILL)
    owner.kill()
    owner.wait()
    (left,) = on_port(docker, told["port"])

    with open_server(ServerSpec(kind="container", image=image)):
        assert left.id not in ids(docker)


@pytest.fixture
def reusing(docker: Any, image: str) -> Iterator[ServerSpec]:
    """What is left for the next run, removed when the test ends."""
    yield ServerSpec(kind="container", image=image, reuse=True, settings={"work_mem": "4567kB"})
    for each in docker.containers.list(all=True, filters={"label": "schemaproof.reused"}):
        if "work_mem=4567kB" in each.attrs["Config"]["Cmd"]:
            each.remove(force=True, v=True)


def identifier(server: Server) -> Any:
    with server.connect() as connection:
        return value(connection, "select system_identifier from pg_control_system()")


def test_reused_container_is_the_next_runs_too(reusing: ServerSpec) -> None:
    with open_server(reusing) as first:
        before = identifier(first)
        assert not first.owned
    with open_server(reusing) as second:
        assert identifier(second) == before


def test_stopped_container_is_reused_after_a_start(docker: Any, reusing: ServerSpec) -> None:
    with open_server(reusing) as first:
        before = identifier(first)
        (found,) = on_port(docker, first.parameters["port"])
    found.stop()

    with open_server(reusing) as second:
        assert identifier(second) == before


def test_session_leaves_a_reused_container_without_its_databases(reusing: ServerSpec, clinic: Path) -> None:
    target = load_target(clinic)
    with open_session(target, reusing) as session:
        session.fresh()
        server = session.server

    with server.connect() as connection:
        assert value(connection, "select count(*) from pg_database where datname like 'schemaproof%'") == 0
    with open_session(target, reusing) as session:  # the platform's roles are there by now
        session.fresh()


def test_migrations_that_make_roles_run_a_second_time_in_another_container(tmp_path: Path, image: str) -> None:
    (tmp_path / "1_roles.sql").write_text("create role clerk; create table notes (note_id int primary key);")
    target = load_target(tmp_path, migrations=tmp_path, platform="plain")

    with open_session(target, ServerSpec(kind="container", image=image)) as session:
        session.fresh()
        with session.scratch(session.base) as database, session.connect_migrator(database) as connection:
            assert database.server.parameters["port"] != session.server.parameters["port"]
            session.migrate(connection)


def test_check_passes_in_a_container_and_says_what_is_emulated(clinic: Path, image: str) -> None:
    command = [sys.executable, "-m", "schemaproof", "check", "--image", image, "--only", "build", "--format", "json"]

    done = subprocess.run(command, cwd=clinic, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    environment = json.loads(done.stdout)["environment"]
    assert environment["server"]["kind"] == "container"
    real = {part["name"] for part in environment["platform"]["parts"] if part["real"]}
    emulated = {part["name"] for part in environment["platform"]["parts"] if not part["real"]}
    assert {"pgcrypto", "uuid-ossp"} <= real
    assert {"pg_cron", "supabase_vault"} <= emulated


def test_image_of_another_version_is_refused(docker: Any, image: str, server: Server) -> None:
    other = server.version // 10000 - 1

    with nothing_left(docker), pytest.raises(ServerError, match=f"not {other}"):
        open_server(ServerSpec(kind="container", image=image, version=other))


def test_container_that_ends_is_told_with_its_log(docker: Any, image: str) -> None:
    with (
        changed(docker, image, 'ENTRYPOINT ["sh", "-c", "echo no such configuration; exit 3"]') as broken,
        nothing_left(docker),
        pytest.raises(ServerError, match="no such configuration"),
    ):
        open_server(ServerSpec(kind="container", image=broken))


def test_port_that_never_opens_is_told(docker: Any, image: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "_READY_SECONDS", 2.0)

    with (
        changed(docker, image, 'ENTRYPOINT ["sh", "-c", "sleep 60"]') as silent,
        nothing_left(docker),
        pytest.raises(ServerError, match="5432"),
    ):
        open_server(ServerSpec(kind="container", image=silent))


def test_image_that_does_not_heed_the_variables_is_told_without_the_password(docker: Any, image: str) -> None:
    with (
        changed(docker, image, 'ENTRYPOINT ["env", "POSTGRES_PASSWORD=x", "/usr/local/bin/entrypoint"]') as deaf,
        nothing_left(docker),
        pytest.raises(ServerError, match="does not let supabase_admin in"),
    ):
        open_server(ServerSpec(kind="container", image=deaf))


def test_image_of_another_architecture_is_told(docker: Any) -> None:
    with foreign_image(docker) as name, nothing_left(docker), pytest.raises(ServerError, match=r"for (s390x|arm64)"):
        open_server(ServerSpec(kind="container", image=name))


@contextmanager
def foreign_image(docker: Any) -> Iterator[str]:
    """Load an image, in the form of `docker save`, whose one program is for another machine."""
    architecture, machine = ("arm64", 183) if docker.version()["Arch"] == "s390x" else ("s390x", 22)
    header = b"\x7fELF\x02\x02\x01" + bytes(9) + (2).to_bytes(2, "big") + machine.to_bytes(2, "big") + bytes(44)
    layer = _tar({"postgres": header})
    config = {
        "architecture": architecture,
        "os": "linux",
        "config": {"Entrypoint": ["/postgres"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{_sha256(layer)}"]},
    }
    manifest = [{"Config": "config.json", "RepoTags": ["schemaproof-test-foreign:1"], "Layers": ["layer.tar"]}]
    docker.images.load(_tar({"manifest.json": _json(manifest), "config.json": _json(config), "layer.tar": layer}))
    try:
        yield "schemaproof-test-foreign:1"
    finally:
        docker.images.remove("schemaproof-test-foreign:1", force=True)


def _json(document: object) -> bytes:
    return json.dumps(document).encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _tar(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()


def test_image_that_cannot_be_pulled_is_told(docker: Any) -> None:
    with nothing_left(docker), pytest.raises(ServerError, match="cannot be pulled"):
        open_server(ServerSpec(kind="container", image="127.0.0.1:9/schemaproof-nowhere:1"))
