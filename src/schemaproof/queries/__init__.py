"""The query catalogue: a file a query, whose header says who asks it, with which values, and what its plan must be."""

from schemaproof.queries.case import Case, Tenants, expand
from schemaproof.queries.folder import read_queries
from schemaproof.queries.query import Limit, Need, Parameter, Population, Query, Refusal

__all__ = ["Case", "Limit", "Need", "Parameter", "Population", "Query", "Refusal", "Tenants", "expand", "read_queries"]
