from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from schemaproof.checks import Context
from schemaproof.config import load_target
from schemaproof.server import Server
from schemaproof.session import Session
from tests.attack.schemas import SCHEMAS
from tests.sessions import session_on


@pytest.fixture(scope="session")
def on(supabase_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Context]]:
    """Give the context of one of the small schemas: filled once, and left by every attack as it was."""
    open_: dict[str, Context] = {}
    with ExitStack() as stack:

        def context(name: str) -> Context:
            if name not in open_:
                session = _session(supabase_server, tmp_path_factory.mktemp(name), SCHEMAS[name])
                stack.callback(session.drop_all)
                open_[name] = stack.enter_context(Context(session))
            return open_[name]

        yield context


def _session(server: Server, folder: Path, schema: str) -> Session:
    (folder / "1_schema.sql").write_text(schema)
    (folder / "schemaproof.toml").write_text('platform = "supabase"\nmigrations = "1_schema.sql"\n')
    return session_on(server, load_target(folder))
