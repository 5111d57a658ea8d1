"""A project as the Supabase CLI wants it, two empty databases of the platform, and the CLI itself."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from schemaproof.database import Database
from schemaproof.session import Session
from suites.supabase_cli.cli import VARIABLE, Cli, find_program

Write = Callable[[Mapping[str, str | bytes | None]], Path]


@pytest.fixture(scope="session")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """The CLI that `tox -e supabase` installs; without it tests are skipped, or fail where it must be there."""
    if VARIABLE not in os.environ:
        pytest.skip("the Supabase CLI is installed and asked by `tox -e supabase`")
    program = find_program()
    if program is None:
        stop = pytest.fail if "SCHEMAPROOF_REQUIRE_SYSTEM" in os.environ else pytest.skip
        stop(f"{VARIABLE} names no Supabase CLI that starts: is there Node.js with npm?")
    return Cli(program, tmp_path_factory.mktemp("home"))


@pytest.fixture
def databases(schemaproof_session: Session, cli: Cli) -> Iterator[tuple[Database, Database]]:
    """Two databases with nothing but the platform: one for the CLI, one for schemaproof."""
    if not schemaproof_session.server.owned:
        pytest.skip("the CLI logs in as postgres: that takes a server that schemaproof starts")
    empty = schemaproof_session.base
    with schemaproof_session.scratch(empty) as theirs, schemaproof_session.scratch(empty) as ours:
        yield theirs, ours


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Make a project with these migrations, add them to it, or take away those that are None; return its folder."""

    def add(files: Mapping[str, str | bytes | None]) -> Path:
        folder = tmp_path / "project" / "supabase" / "migrations"
        folder.mkdir(parents=True, exist_ok=True)
        (folder.parent / "config.toml").write_text('project_id = "parity"\n')
        for name, content in files.items():
            if content is None:
                (folder / name).unlink()
            else:
                (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / "project"

    return add


@pytest.fixture
def canonical(schemaproof_session: Session, tmp_path: Path) -> Path:
    """A copy of the canonical project: the CLI writes into the folder that it works in."""
    migrations = schemaproof_session.target.migrations
    shutil.copytree(migrations.parent, tmp_path / "supabase", ignore=shutil.ignore_patterns("rollbacks", ".*"))
    return tmp_path
