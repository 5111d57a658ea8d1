"""A query of the catalogue, as its file declares it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schemaproof.findings import Location
from schemaproof.plan.claims import Claim
from schemaproof.plan.statement import Statement

__all__ = ["CASES", "Limit", "Need", "Parameter", "Population", "Query", "Refusal"]

# Whose rows a query is asked about: of the tenants with rows, one with few and the one with most; and none at all.
CASES = ("small", "largest", "missing")


@dataclass(frozen=True)
class Parameter:
    """A value that is sampled: `source` is SQL that gives it, or a text in quotes."""

    name: str
    source: str
    location: Location


@dataclass(frozen=True)
class Population:
    """The rows by which tenants are called small and large: `table` where `condition`."""

    table: str
    condition: str
    location: Location


@dataclass(frozen=True)
class Limit:
    """A claim that the query's plans must meet, the line that makes it, and the indexes that it names."""

    claim: Claim
    location: Location
    indexes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Need:
    """That the query is so many times dearer without an index."""

    index: str
    factor: float
    location: Location


@dataclass(frozen=True)
class Refusal:
    """That the query is refused with an SQLSTATE, and the index that refuses it."""

    sqlstate: str
    index: str | None
    location: Location


@dataclass(frozen=True)
class Query:
    """One query.

    Args:
        id: stem of its file.
        name: what a reader calls it.
        about: what it is for.
        requirements: clauses that it proves.
        roles: database roles that ask it.
        claims: claims of the token; values are texts, or `:parameter`.
        population: how tenants are sampled; None: the query is of no tenant.
        cases: of CASES, those that it is asked for.
        parameters: values beside `:tenant`, in the order in which they are sampled.
        setup: statements that a superuser runs before it, undone with it.
        statement: what is asked.
        line: of the statement in its file.
        limits, needs: what its plan must be.
        refused: it is to be refused: it has no plan then, but may be what needs a unique index.
        returns: `some` rows in every case but `missing`, `none`, or `any` number.
        generic: whether its limits hold for the generic plan too.
    """

    id: str
    path: Path
    name: str
    statement: Statement
    roles: tuple[str, ...]
    about: str = ""
    requirements: tuple[str, ...] = ()
    claims: Mapping[str, str] = field(default_factory=dict)
    population: Population | None = None
    cases: tuple[str, ...] = ("all",)
    parameters: tuple[Parameter, ...] = ()
    setup: tuple[str, ...] = ()
    line: int = 1
    limits: tuple[Limit, ...] = ()
    needs: tuple[Need, ...] = ()
    refused: Refusal | None = None
    returns: str = "some"
    generic: bool = True

    @property
    def location(self) -> Location:
        """Where the statement stands."""
        return Location(self.path, self.line)
