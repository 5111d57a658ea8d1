"""A started server ends with its owner, however that ends, and with nobody else."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from schemaproof.server import Server, ServerSpec, attach_server, open_server
from tests.installed import needs_system

from .conftest import StartOwner, contents, eventually, run_as_nobody


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_server_and_directory_go_when_the_owner_is_killed(
    runs: Path, start_owner: StartOwner, number: signal.Signals
) -> None:
    owner, told = start_owner()
    assert told["answered"]
    assert is_alive(told["postmaster"])
    assert Path(told["run"]).parent == runs

    os.kill(owner.pid, number)

    eventually(lambda: not is_alive(told["postmaster"]))
    eventually(lambda: not contents(runs))


def test_interrupt_of_the_terminal_leaves_the_guardian_to_its_work(start_owner: StartOwner) -> None:
    owner, told = start_owner()

    os.killpg(owner.pid, signal.SIGINT)

    eventually(lambda: not is_alive(told["postmaster"]))
    eventually(lambda: not Path(told["run"]).exists())


def test_next_run_removes_what_a_killed_guardian_left(runs: Path, start_owner: StartOwner) -> None:
    owner, told = start_owner()
    os.kill(told["guardian"], signal.SIGKILL)
    owner.kill()
    owner.wait()
    eventually(lambda: not is_alive(told["guardian"]))
    assert is_alive(told["postmaster"])
    assert contents(runs) == [Path(told["run"]).name]

    with open_server(ServerSpec(kind="embedded")) as server:
        assert not is_alive(told["postmaster"])
        assert server.run_directory is not None
        assert contents(runs) == [server.run_directory.name]


def test_next_run_leaves_a_living_run_alone(runs: Path, start_owner: StartOwner) -> None:
    _, told = start_owner()
    os.kill(told["guardian"], signal.SIGKILL)

    with open_server(ServerSpec(kind="embedded")):
        pass

    assert is_alive(told["postmaster"])
    assert contents(runs) == [Path(told["run"]).name]
    os.kill(told["postmaster"], signal.SIGQUIT)


def test_next_run_spares_a_process_that_got_a_dead_servers_id(runs: Path) -> None:
    leftover = runs / "schemaproof-run-abcdefgh"
    (leftover / "data").mkdir(parents=True)
    (leftover / "lock").touch()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (leftover / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n{leftover}/data\n")

        with open_server(ServerSpec(kind="embedded")):
            assert not leftover.exists()

        assert stranger.poll() is None
        stranger.kill()


def test_next_run_spares_a_directory_that_is_not_a_runs(runs: Path) -> None:
    notes = runs / "schemaproof-run-notes"
    notes.mkdir()
    (notes / "text").touch()

    with open_server(ServerSpec(kind="embedded")):
        pass

    assert (notes / "text").exists()


@pytest.mark.parametrize("happening", ["fork_that_ends", "fork_that_closes"])
def test_fork_of_the_owner_ends_nothing(start_owner: StartOwner, happening: str) -> None:
    _, told = start_owner(happening)

    assert told["answered"]
    assert is_alive(told["postmaster"])


def test_fork_that_outlives_the_owner_keeps_nothing(start_owner: StartOwner) -> None:
    owner, told = start_owner("fork_that_stays")

    owner.kill()

    eventually(lambda: not is_alive(told["postmaster"]))
    eventually(lambda: not Path(told["run"]).exists())


@pytest.mark.parametrize("cached", [True, False])
@pytest.mark.parametrize("seconds", [0.15, 0.25, 0.4, 0.6])
def test_owner_killed_while_it_starts_leaves_nothing(
    runs: Path, start_owner: StartOwner, seconds: float, cached: bool, request: pytest.FixtureRequest
) -> None:
    if not cached:
        request.getfixturevalue("cache")
    owner, _ = start_owner(wait=False)
    time.sleep(seconds)

    owner.kill()
    owner.wait()

    eventually(lambda: not contents(runs))


def test_close_ends_the_server_at_once_and_twice_does_no_harm(runs: Path) -> None:
    server = open_server(ServerSpec(kind="embedded"))
    joined = attach_server(server.handle())
    joined.close()
    with server.connect() as connection:
        assert connection.execute("select 1").fetchone() == (1,)

    server.close()
    assert not contents(runs)
    server.close()
    with pytest.raises(psycopg.OperationalError):
        joined.connect()


def test_close_ends_a_server_whose_guardian_was_killed(runs: Path) -> None:
    with open_server(ServerSpec(kind="embedded")) as server:
        pid, guardian = _processes(server)
        os.kill(guardian, signal.SIGKILL)
    assert not is_alive(pid)
    assert not contents(runs)


def _processes(server: Server) -> tuple[int, int]:
    run = server.run_directory
    assert run is not None
    pid = int((run / "data" / "postmaster.pid").read_text().splitlines()[0])
    status = Path(f"/proc/{pid}/status").read_text()
    return pid, int(status.partition("PPid:")[2].split()[0])


@needs_system
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_ordinary_user_opens_a_server_too(runs: Path, cache: Path) -> None:
    cache.mkdir()
    for folder in (runs, cache):
        shutil.chown(folder, "nobody")
    code = (
        "from schemaproof.server import *\n"
        "for kind in ('embedded', 'system'):\n"
        "    with open_server(ServerSpec(kind=kind)) as server, server.connect() as connection:\n"
        "        print(connection.execute('select 1').fetchone())\n"
    )

    done = run_as_nobody(code)

    assert (done.stdout, done.stderr) == ("(1,)\n(1,)\n", "")
    assert not contents(runs)
