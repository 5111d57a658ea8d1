"""A project of a few migrations, and its session on a server of its own."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from schemaproof.config import load_target
from schemaproof.server import ServerSpec
from schemaproof.session import Session, open_session

Project = Callable[..., Session]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Write migrations, and rollbacks if any are given, and open a session on them, on platform `plain`."""
    with ExitStack() as stack:

        def make(files: Mapping[str, str], rollbacks: Mapping[str, str] | None = None) -> Session:
            settings = 'platform = "plain"\nmigrations = "migrations"\n'
            _fill(tmp_path / "migrations", files)
            if rollbacks is not None:
                _fill(tmp_path / "rollbacks", rollbacks)
                settings += 'rollbacks = "rollbacks"\n'
            (tmp_path / "schemaproof.toml").write_text(settings)
            return stack.enter_context(open_session(load_target(tmp_path), ServerSpec()))

        yield make


def _fill(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.sql").write_text(text)
