"""Writes the generated modules of `schema/drizzle` anew: `python -m suites.typescript_access.renew`."""

from pathlib import Path

from schema.drizzle.generate import PACKAGE, generate, pull
from schemaproof.config import load_target
from schemaproof.server import ServerSpec
from schemaproof.session import open_session
from suites.typescript_access.node import url_of

__all__ = ["renew"]


def renew() -> None:
    """Migrate a database and write what is generated from it."""
    with (
        open_session(load_target(Path()), ServerSpec()) as session,
        session.scratch(session.fresh) as database,
        database.connect() as connection,
    ):
        modules = generate(connection, pull(url_of(database)))
    for path, source in modules.items():
        (PACKAGE / path).write_text(source, encoding="utf-8")


if __name__ == "__main__":
    renew()
