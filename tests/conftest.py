import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schemaproof.checks import select_checks
from schemaproof.cluster_roles import drop_made_roles
from schemaproof.config import load_target
from schemaproof.platform import load_platform
from schemaproof.results import Results
from schemaproof.run import run_checks
from schemaproof.server import Server, ServerSpec, open_server
from schemaproof.session import Session
from tests.sessions import session_on

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


@pytest.fixture(scope="session")
def plain_server() -> Iterator[Server]:
    """A started server with no roles but its superuser's."""
    with open_server(ServerSpec()) as server:
        yield server


@pytest.fixture
def server_of(request: pytest.FixtureRequest) -> Callable[[str], Server]:
    """Give the shared server of a platform, started when it is first asked for."""
    return lambda platform: request.getfixturevalue(f"{platform}_server")


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """A copy of the healthy schema of clinics and patients, to be broken."""
    return Path(shutil.copytree(CLINIC, tmp_path / "clinic"))


@pytest.fixture
def session_of(server_of: Callable[[str], Server]) -> Iterator[Callable[[Path], Session]]:
    """Give the session of the project in a folder, on its platform; nothing of it is left after the test."""
    sessions: list[tuple[Session, frozenset[str]]] = []

    def open_one(folder: Path) -> Session:
        target = load_target(folder)
        server = server_of(target.platform)
        session = session_on(server, target)
        sessions.append((session, _roles(server)))
        return session

    yield open_one
    for session, before in reversed(sessions):
        session.drop_all()
        drop_made_roles(session.server, _roles(session.server) - before)


def _roles(server: Server) -> frozenset[str]:
    with server.connect() as connection:
        return frozenset(name for (name,) in connection.execute("select rolname::text from pg_catalog.pg_roles"))


@pytest.fixture
def checked(session_of: Callable[[Path], Session]) -> Callable[..., Results]:
    """Run checks on the project in a folder: all of them, or those that are named."""

    def run(folder: Path, *names: str) -> Results:
        return run_checks(session_of(folder), select_checks(names), lambda _: None)

    return run
