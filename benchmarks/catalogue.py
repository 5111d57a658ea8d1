"""The canonical schema with volume, and its query catalogue, for the benchmarks that ask it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from schemaproof.bench.data import Data, load_data
from schemaproof.config import load_target
from schemaproof.plan import Explainer
from schemaproof.queries import Case, Query, Tenants, expand, read_queries
from schemaproof.server import ServerSpec
from schemaproof.session import open_session

ROOT = Path(__file__).parent.parent
TARGET = load_target(ROOT)
assert TARGET.queries is not None
QUERIES = read_queries(TARGET.queries, TARGET)


@dataclass(frozen=True)
class Loaded:
    """A copy of the data, which tests leave as it is."""

    data: Data
    connection: psycopg.Connection[Any]
    explainer: Explainer
    tenants: Tenants

    def case(self, query: Query) -> Case:
        """Return the query's case of the largest tenant, or its only one."""
        return next(case for case in expand(query, self.tenants) if case.size in ("largest", "small", "all"))

    def cases(self, query: Query) -> list[Case]:
        """Return the query's cases of the largest tenant, one a role, or those that it has."""
        found = list(expand(query, self.tenants))
        return [case for case in found if case.size in ("largest", "all")] or found


@contextmanager
def loaded(profile: str) -> Iterator[Loaded]:
    """Load a profile on a server of its own."""
    with open_session(TARGET, ServerSpec()) as session:
        data = load_data(session, profile, seed=0, tell=lambda _: None)
        with data.copy() as database, database.connect() as connection:
            explainer = Explainer(connection, TARGET.schemas)
            yield Loaded(data, connection, explainer, Tenants(connection, TARGET))
