"""Writes the generated modules of `messaging_schema` anew: `python -m suites.python_access.renew`."""

from pathlib import Path

from schema.python.generate import PACKAGE, generate
from schemaproof.config import load_target
from schemaproof.server import ServerSpec
from schemaproof.session import open_session

__all__ = ["renew"]


def renew() -> None:
    """Migrate a database and write what is generated from it; what it no longer generates goes."""
    with (
        open_session(load_target(Path()), ServerSpec()) as session,
        session.scratch(session.fresh) as database,
        database.connect() as connection,
    ):
        modules = generate(connection)
    for path in (PACKAGE / "models").glob("*.py"):
        path.unlink()
    for path, source in modules.items():
        (PACKAGE / path).write_text(source, encoding="utf-8")


if __name__ == "__main__":
    renew()
