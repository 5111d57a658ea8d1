"""The query catalogue: a file a query, whose header says who asks it, with which values, and what its plan must be."""

from schemaproof.queries.case import Case, Tenants, expand
from schemaproof.queries.folder import read_queries
from schemaproof.queries.query import Limit, Parameter, Population, Query

__all__ = ["Case", "Limit", "Parameter", "Population", "Query", "Tenants", "expand", "read_queries"]
