"""What the suites on the canonical schema share: a database that holds the sample, and refusals by their SQLSTATE."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
import pytest

from fixtures import sample
from suites.fixture_types import Refused


@pytest.fixture
def db(sampled: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """The plugin's connection to a database with the sample in it: the suites have no use for an empty one."""
    return sampled


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
