"""Cases: a query asked by one role, for one tenant's size, with values sampled from the data."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import psycopg
from psycopg import sql

from schemaproof.config import Target
from schemaproof.errors import UsageError
from schemaproof.findings import Location
from schemaproof.identity import Identity
from schemaproof.plan.probe import Mode, Question
from schemaproof.plan.statement import Statement
from schemaproof.queries.query import Parameter, Population, Query

__all__ = ["Case", "Tenants", "expand"]

# A tenant that is not there, by the type of its id.
_NOBODY = {"uuid": "00000000-0000-4000-8000-0000000dead0", "text": "nobody"}
_RANKED = """
    with sized as (
        select {column}::text as tenant, count(*) as size from {table} where {condition} group by {column}
    )
    select
        (select tenant from sized where size = (select percentile_disc(0.25) within group (order by size) from sized)
         order by tenant limit 1),
        (select tenant from sized order by size desc, tenant limit 1),
        (select format_type(atttypid, null) from pg_catalog.pg_attribute
         where attrelid = {relation}::regclass and attname = {name})
"""


@dataclass(frozen=True)
class Case:
    """A query with its values, and who asks it.

    Args:
        size: `small`, `largest`, `missing`, or `all` where the query is of no tenant.
    """

    query: Query
    role: str
    size: str
    values: Mapping[str, str | None]
    identity: Identity

    @property
    def setup(self) -> tuple[str, ...]:
        """The statements to be carried out before, with their values."""
        return tuple(Statement(text).written_out(self.values) for text in self.query.setup)

    def question(self, mode: Mode = Mode.CUSTOM) -> Question:
        """Return what is asked of the server."""
        return Question(self.query.statement, self.values, self.identity, mode, self.setup)

    @property
    def key(self) -> str:
        """Names the case across runs."""
        return f"{self.query.id} / {self.role} / {self.size}"


@dataclass
class Tenants:
    """Samples tenants and values from a database, each population once."""

    connection: psycopg.Connection
    target: Target
    _ranked: dict[Population, Mapping[str, str]] = field(default_factory=dict)

    def of(self, population: Population) -> Mapping[str, str]:
        """Return a tenant of each size.

        Raises:
            UsageError: no tenant has such rows, or the table or condition is wrong, by file and line.
        """
        if population not in self._ranked:
            self._ranked[population] = self._rank(population)
        return self._ranked[population]

    def value(self, parameter: Parameter, known: Mapping[str, str | None], about: str) -> str | None:
        """Return the value of a parameter, given those before it; raises UsageError by file and line."""
        source = parameter.source
        if source.startswith("'") and source.endswith("'"):
            return source[1:-1]
        written = Statement(source).written_out(known)
        query = f"select s.value::text from (\n{written}\n) as s (value)"  # noqa: S608 - the catalogue's own
        row = self._row(query.encode(), parameter.location)
        if row is None or row[0] is None:
            raise UsageError(
                f"{parameter.location}: nothing gives :{parameter.name} {about}",
                remedy="Mend its query, or narrow `tenant` to those that have such rows: `-- tenant: table where …`.",
            )
        return str(row[0])

    def _rank(self, population: Population) -> Mapping[str, str]:
        column = self.target.tenancy.column or "tenant_id"
        table = sql.Identifier(*population.table.split("."))
        query = sql.SQL(_RANKED).format(
            column=sql.Identifier(column),
            table=table,
            condition=sql.SQL(population.condition),
            relation=sql.Literal(population.table),
            name=sql.Literal(column),
        )
        row = self._row(query, population.location)
        if row is None or row[1] is None:
            raise UsageError(f"{population.location}: no tenant has such rows", remedy="Mend `tenant`, or the data.")
        return {"small": str(row[0]), "largest": row[1], "missing": _NOBODY.get(str(row[2]), "-1")}

    def _row(self, query: bytes | sql.Composed, location: Location) -> tuple[str | None, ...] | None:
        try:
            with self.connection.transaction(force_rollback=True):
                row: tuple[str | None, ...] | None = self.connection.execute(query).fetchone()
        except KeyError as error:
            raise UsageError(f"{location}: nothing gives :{error.args[0]} before it") from error
        except psycopg.Error as error:
            raise UsageError(f"{location}: {error.diag.message_primary}", remedy="Mend the line.") from error
        return row


def expand(query: Query, tenants: Tenants) -> Iterator[Case]:
    """Yield a query's cases; for a tenant that is missing, other values are those of the largest one."""
    for size in query.cases:
        values: dict[str, str | None] = {}
        tenant = None
        if query.population:
            ranked = tenants.of(query.population)
            tenant = ranked[size]
            values["tenant"] = ranked["largest"] if size == "missing" else tenant
        about = f"for the {size} tenant {tenant}" if tenant else ""
        for parameter in query.parameters:
            values[parameter.name] = tenants.value(parameter, values, about)
        if tenant:
            values["tenant"] = tenant
        for role in query.roles:
            yield Case(query, role, size, values, _identity(query, role, values))


def _identity(query: Query, role: str, values: Mapping[str, str | None]) -> Identity:
    claims = {name: values[value[1:]] if value.startswith(":") else value for name, value in query.claims.items()}
    return Identity(role, role, json.dumps({"role": role} | claims))
