"""What is kept between runs saves work, is made anew when it is damaged, and is nobody else's to write."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from schemaproof.errors import ServerError
from schemaproof.server import ServerSpec, open_server
from schemaproof.server.cache import building, cache_directory, prune

from .conftest import contents, run_as_nobody

EMBEDDED = ServerSpec(kind="embedded")


@pytest.fixture
def initdb_runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    programs: list[str] = []
    run = subprocess.run

    def remember(command: list[str], **options: object) -> object:
        programs.append(Path(command[0]).name)
        return run(command, **options)  # type: ignore[call-overload]  # passed on

    monkeypatch.setattr(subprocess, "run", remember)
    return programs


def test_second_start_skips_initdb(cache: Path, initdb_runs: list[str]) -> None:
    for _ in range(2):
        with open_server(EMBEDDED) as server, server.connect() as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert initdb_runs.count("initdb") == 1


def test_another_superuser_has_another_data_directory(cache: Path, initdb_runs: list[str]) -> None:
    for superuser in ("one", "two"):
        with (
            open_server(ServerSpec(kind="embedded", superuser=superuser)) as server,
            server.connect() as connection,
        ):
            assert connection.execute("select session_user::text").fetchone() == (superuser,)
    assert initdb_runs.count("initdb") == 2


def _lose(original: Path) -> None:
    (original / "data.tar").unlink()


def _shorten(original: Path) -> None:
    os.truncate(original / "data.tar", (original / "data.tar").stat().st_size // 2 // 512 * 512)


def _overwrite(original: Path) -> None:
    archive = original / "data.tar"
    archive.write_bytes(b"\xff" * archive.stat().st_size)


def _break_a_file(original: Path) -> None:
    """Leave an archive that unpacks well, of a data directory that does not start."""
    archive = (original / "data.tar").read_bytes()
    start = archive.index(b"./global/pg_control\0") + 512
    (original / "data.tar").write_bytes(archive[:start] + b"\xff" * 8192 + archive[start + 8192 :])


@pytest.mark.parametrize("damage", [_lose, _shorten, _overwrite, _break_a_file])
def test_damaged_data_directory_is_made_anew(
    cache: Path, initdb_runs: list[str], damage: Callable[[Path], None]
) -> None:
    open_server(EMBEDDED).close()
    (original,) = cache.glob("data/*")
    damage(original)
    for _ in range(2):
        with open_server(EMBEDDED) as server, server.connect() as connection:
            assert connection.execute("select count(*) from pg_database").fetchone() == (3,)
    assert initdb_runs.count("initdb") == 2


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")
def test_roots_cache_is_readable_but_not_writable_by_the_servers_account(cache: Path) -> None:
    open_server(EMBEDDED).close()
    for place in (cache, *cache.glob("overlays/**/")):
        assert (place.stat().st_uid, place.stat().st_mode & 0o777) == (0, 0o755)
    (original,) = cache.glob("data/*")
    assert (original.stat().st_uid, original.stat().st_mode & 0o777) == (0, 0o700)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a home that is closed to the server's account")
def test_root_does_not_use_a_cache_that_is_closed_to_the_servers_account(cache: Path) -> None:
    cache.parent.chmod(0o700)
    assert not cache_directory(shared=True).is_relative_to(cache)
    assert cache_directory(shared=False) == cache


def test_cache_that_others_may_write_is_refused(cache: Path) -> None:
    cache.mkdir()
    cache.parent.chmod(0o777)
    with pytest.raises(ServerError) as failure:
        cache_directory(shared=False)
    assert str(cache.parent) in failure.value.message


def test_cache_that_the_users_own_group_may_write_will_do(cache: Path) -> None:
    cache.parent.chmod(0o775)
    assert cache_directory(shared=False) == cache


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another's directory")
def test_cache_of_another_user_behind_a_link_is_refused(cache: Path) -> None:
    theirs = cache.parent / "theirs"
    theirs.mkdir()
    shutil.chown(theirs, "nobody")
    cache.symlink_to(theirs)
    with pytest.raises(ServerError) as failure:
        cache_directory(shared=False)
    assert str(theirs) in failure.value.message


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a directory that the test cannot write")
def test_unwritable_cache_is_a_clear_error_and_leaves_nothing(cache: Path, runs: Path) -> None:
    shutil.chown(runs, "nobody")
    done = run_as_nobody("from schemaproof.server import *; open_server(ServerSpec(kind='embedded'))")
    assert done.returncode == 1
    assert f"schemaproof.errors.ServerError: The cache directory {cache} cannot be used" in done.stderr
    assert "XDG_CACHE_HOME" in done.stderr
    assert not list(runs.iterdir())


@pytest.mark.parametrize("variable", ["TMPDIR", "XDG_CACHE_HOME"])
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small file system")
def test_full_disk_is_a_clear_error_and_leaves_nothing(cache: Path, runs: Path, variable: str) -> None:
    small = Path(os.environ[variable])
    script = (
        f"mount -t tmpfs -o size=20m,mode=755 none {small} || exit 77\n"
        "python -c 'from schemaproof.server import *; open_server(ServerSpec(kind=\"embedded\"))'\n"
        f"echo $?; find {small} -type f; find {runs} -mindepth 1"
    )
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    command = ["unshare", "--mount", "sh", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path})
    if done.returncode == 77 or "unshare failed" in done.stderr:
        pytest.skip("no mounts here")
    assert done.stdout == "1\n"
    assert "schemaproof.errors.ServerError" in done.stderr
    assert "No space left on device" in done.stderr


def test_entries_that_no_run_used_for_a_month_go(tmp_path: Path) -> None:
    month = 31 * 24 * 3600
    for name, age in (("used", 0), ("unused", month), (".new-unfinished", month), (".new-busy", 0)):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age, time.time() - age))
    prune(tmp_path)
    assert contents(tmp_path) == [".new-busy", "used"]


def test_entry_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    entry = tmp_path / "kind" / "entry"
    with pytest.raises(ZeroDivisionError), building(entry) as unfinished:
        (unfinished / "part").touch()
        assert not entry.exists()
        raise ZeroDivisionError
    assert not list((tmp_path / "kind").iterdir())


def test_first_of_two_builders_wins(tmp_path: Path) -> None:
    entry = tmp_path / "kind" / "entry"
    with building(entry) as mine:
        (mine / "mine").touch()
        with building(entry) as theirs:
            (theirs / "theirs").touch()
    assert contents(entry) == ["theirs"]
    assert contents(tmp_path / "kind") == ["entry"]
