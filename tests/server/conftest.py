import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from schemaproof.server import Server, ServerSpec, open_server
from tests.command import hearing_signals
from tests.installed import needs_system, open_or_skip

EACH_KIND = ("embedded", pytest.param("system", marks=needs_system))
OWNER = Path(__file__).parent / "owner.py"


@pytest.fixture(scope="session", params=EACH_KIND)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with open_or_skip(ServerSpec(kind=request.param)) as opened:
        yield opened


@pytest.fixture(scope="session")
def embedded() -> Iterator[Server]:
    with open_server(ServerSpec(kind="embedded")) as opened:
        yield opened


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The directory where this test's servers, and no others, live."""
    yield from _scratch_directory(monkeypatch, "TMPDIR", "/dev/shm")


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache for this test's servers."""
    for path in _scratch_directory(monkeypatch, "XDG_CACHE_HOME", "/tmp"):
        yield path / "schemaproof"


def _scratch_directory(monkeypatch: pytest.MonkeyPatch, variable: str, base: str) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="sp-", dir=base if Path(base).is_dir() else None))
    path.chmod(0o755)
    monkeypatch.setenv(variable, str(path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    yield path
    eventually(lambda: _is_removed(path))


def _is_removed(path: Path) -> bool:
    """Remove a folder; not yet, where a server or its guardian removes the same files just now."""
    shutil.rmtree(path, ignore_errors=True)
    return not path.exists()


StartOwner = Callable[..., tuple[subprocess.Popen[str], dict[str, Any]]]


@pytest.fixture
def start_owner() -> Iterator[StartOwner]:
    """Start a process that opens a server (owner.py), and return it with what it tells."""
    processes = []

    def start(*arguments: str, wait: bool = True, **options: Any) -> tuple[subprocess.Popen[str], dict[str, Any]]:
        command = [sys.executable, str(OWNER), *arguments]
        with hearing_signals():
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, **options
            )
        processes.append(process)
        assert process.stdout is not None
        return process, json.loads(process.stdout.readline()) if wait else {}

    yield start
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds; fail when it does not.

    A guardian may take 20 seconds; after 60 an owner that nothing ended does so itself.
    """
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until, "the condition did not come to hold"
        time.sleep(0.02)


def contents(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def run_as_nobody(code: str) -> subprocess.CompletedProcess[str]:
    """Run Python code as an ordinary user; skip the test when no interpreter, or no package, is open to one."""
    for interpreter in (sys.executable, "/usr/bin/python3"):
        with contextlib.suppress(PermissionError):  # an interpreter in root's home
            if _run_as_nobody(interpreter, "import platformdirs, psycopg").returncode == 0:
                return _run_as_nobody(interpreter, code)
    pytest.skip("no interpreter that an ordinary user may run, or its packages are closed to one")


def _run_as_nobody(interpreter: str, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [interpreter, "-c", code],
        user="nobody",
        group="nogroup",
        extra_groups=[],
        cwd="/",
        env={**os.environ, "HOME": "/nonexistent", "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        check=False,
    )
