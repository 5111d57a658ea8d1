"""What a project's REST root lets an anonymous visitor see, against what the migrations say: read-only, and paced."""

from schemaproof.rest.client import Client, RestError
from schemaproof.rest.expectation import Expectation, Relation, read_expectation
from schemaproof.rest.project import Project, read_project
from schemaproof.rest.proof import compare_with_project
from schemaproof.rest.sight import Sight, look

__all__ = [
    "Client",
    "Expectation",
    "Project",
    "Relation",
    "RestError",
    "Sight",
    "compare_with_project",
    "look",
    "read_expectation",
    "read_project",
]
