"""Engines to a database with the sample in it, as a service has them: logged in as the role that becomes the others."""

from collections.abc import Callable, Iterator

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL, Engine

from messaging_schema import Identity, Session, create_engine
from schemaproof.database import Database


@pytest.fixture
def url(sampled_db: Database) -> URL:
    """Where the test's own database is."""
    parameters = {name: str(value) for name, value in conninfo_to_dict(sampled_db.conninfo("authenticator")).items()}
    return URL.create("postgresql", database=parameters.pop("dbname"), query=parameters)


@pytest.fixture
def engine(url: URL) -> Iterator[Engine]:
    """An engine with one connection, so that each session gets the one that the last has used."""
    engine = create_engine(url, pool_size=1, max_overflow=0)
    yield engine
    engine.dispose()


@pytest.fixture
def session_of(engine: Engine) -> Iterator[Callable[[Identity], Session]]:
    """Open a session of an identity; all are closed after the test, and the one before when the next one opens."""
    opened: list[Session] = []

    def open_session(identity: Identity) -> Session:
        for session in opened:
            session.close()
        opened.append(Session(engine, identity))
        return opened[-1]

    yield open_session
    for session in opened:
        session.close()
