"""What the suites on the canonical schema share: a database that holds the sample, and refusals by their SQLSTATE."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest

from fixtures import sample
from schemaproof.session import Session
from suites.fixture_types import Refused


@pytest.fixture(scope="session")
def _sampled(schemaproof_session: Session) -> Iterator[psycopg.Connection[Any]]:
    session = schemaproof_session
    with session.scratch(session.sampled) as database, database.connect() as connection:
        yield connection


@pytest.fixture
def db(_sampled: psycopg.Connection[Any]) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection to the schema with the sample in it, in a transaction that is rolled back.

    It takes the place of the plugin's fixture of this name, whose database is empty: loading the sample takes a test
    thirty times as long as rolling it back.
    """
    with _sampled.transaction(force_rollback=True):
        yield _sampled


@pytest.fixture
def tenants() -> tuple[UUID, UUID]:
    """The two tenants of the sample."""
    return sample.tenant_id(1), sample.tenant_id(2)


@pytest.fixture
def refused(db: psycopg.Connection[Any]) -> Refused:
    """Expect a block to be refused with an SQLSTATE; `db` stays usable: `with refused("23514"): …`."""

    @contextmanager
    def expect(sqlstate: str) -> Iterator[None]:
        with pytest.raises(psycopg.Error) as refusal, db.transaction():
            yield
        assert refusal.value.sqlstate == sqlstate, refusal.value

    return expect
