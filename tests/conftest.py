import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemaproof.checks import select_checks
from schemaproof.config import load_target
from schemaproof.platform import load_platform
from schemaproof.results import Results
from schemaproof.run import run_checks
from schemaproof.server import Server, ServerSpec, open_server
from schemaproof.session import Session

pytest_plugins = ["pytester"]

CLINIC = Path(__file__).parent / "schemas" / "clinic"


@pytest.fixture(scope="session")
def supabase_server() -> Iterator[Server]:
    """A started server with the roles of the supabase platform."""
    platform = load_platform("supabase")
    with open_server(ServerSpec(extensions=platform.extensions)) as server:
        with server.connect() as connection:
            platform.create_roles(connection)
        yield server


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A copy of the healthy schema of clinics and patients, to be broken."""
    return Path(shutil.copytree(CLINIC, tmp_path / "clinic"))


@pytest.fixture
def session_of(supabase_server: Server) -> Iterator[Callable[[Path], Session]]:
    """Give the session of the project in a folder, on its platform; its databases are dropped after the test."""
    sessions: list[Session] = []

    def open_one(folder: Path) -> Session:
        target = load_target(folder)
        sessions.append(Session(supabase_server, load_platform(target.platform), target))
        return sessions[-1]

    yield open_one
    for session in sessions:
        session.drop_all()


@pytest.fixture
def checked(session_of: Callable[[Path], Session]) -> Callable[..., Results]:
    """Run checks on the project in a folder: all of them, or those that are named."""

    def run(folder: Path, *names: str) -> Results:
        return run_checks(session_of(folder), select_checks(names), lambda _: None)

    return run
