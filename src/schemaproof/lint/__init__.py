"""The static layer: what the text of new migrations tells, without a server; own rules, and squawk's."""

from schemaproof.lint.document import document_of
from schemaproof.lint.options import CatalogueQuery, Options
from schemaproof.lint.reviewing import lint
from schemaproof.lint.rule import Rule, all_rules, rule_names
from schemaproof.lint.squawk import NAME as SQUAWK

__all__ = ["SQUAWK", "CatalogueQuery", "Options", "Rule", "all_rules", "document_of", "lint", "rule_names"]
