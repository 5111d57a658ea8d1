"""The values of a model's pools: made by Faker from the seed, asked of the database, or written down in the model."""

from collections.abc import Mapping
from typing import Any

import psycopg

from schemaproof.volume.model import Model, Pool
from schemaproof.volume.values import Labels

__all__ = ["fill_pools"]


def fill_pools(model: Model, connection: psycopg.Connection[Any], *, seed: int) -> Mapping[str, Labels]:
    """Return each pool's values.

    Raises:
        UsageError: a format that Faker does not know, a query that fails or finds nothing.
    """
    return {name: Labels(_values(model, pool, connection, seed)) for name, pool in model.pools.items()}


def _values(model: Model, pool: Pool, connection: psycopg.Connection[Any], seed: int) -> tuple[str | None, ...]:
    if pool.query is not None:
        return _queried(model, pool, connection)
    return _faked(model, pool, seed) if pool.format is not None else pool.values


def _queried(model: Model, pool: Pool, connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    assert pool.query is not None
    try:
        found = tuple(str(row[0]) for row in connection.execute(pool.query.encode()))
    except psycopg.Error as error:
        raise model.document.error(
            (*pool.key, "query"), f"{error.sqlstate}: {error}", remedy="Mend the query."
        ) from error
    if not found:
        raise model.document.error((*pool.key, "query"), "finds nothing", remedy="Ask for what is there.")
    return found


def _faked(model: Model, pool: Pool, seed: int) -> tuple[str, ...]:
    from faker import Faker  # takes long to load

    faker = Faker("en_US", use_weighting=False)
    faker.seed_instance(f"{seed}/{pool.name}")
    try:
        return tuple(faker.parse(pool.format or "") for _ in range(pool.size))
    except AttributeError as error:
        raise model.document.error(
            (*pool.key, "format"), f"{error}", remedy="Name Faker's providers, as in {{company}}."
        ) from error
