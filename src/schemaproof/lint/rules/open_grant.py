"""Visitors get what they are meant to have, and no more."""

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import GrantTargetType, ObjectType

from schemaproof.findings import Level
from schemaproof.lint.names import label, role_of
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.schema import Relation
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a
from schemaproof.origins.names import strings

__all__ = ["open_grant"]

_READS = {"SELECT"}


@rule(level=Level.WARNING)
def open_grant(step: Step, review: Review) -> Iterator[Harm]:
    """A privilege goes to everyone, or to visitors: of tables without row-level security, every row is theirs.

    TRUNCATE, REFERENCES and TRIGGER are held back by no policy. A grant on all tables of a schema, or by default,
    holds for those that nobody thought of, and a role that is granted brings all that it has. To read a guarded table
    is left to its policies, and not told.
    """
    node = step.node
    if is_a(node, ast.GrantRoleStmt):
        yield from _memberships(node, review)
    action = node.action if is_a(node, ast.AlterDefaultPrivilegesStmt) else node
    if not is_a(action, ast.GrantStmt) or not action.is_grant or action.objtype != ObjectType.OBJECT_TABLE:
        return
    roles = [role for role in map(role_of, action.grantees) if role in ("public", *review.options.api_roles[:1])]
    privileges = {(each.priv_name or "all").upper() for each in action.privileges or ()} or {"ALL"}
    if not roles:
        return
    told = f"{', '.join(sorted(privileges)).lower()} to {', '.join(roles)}"
    for name, is_wide in _targets(node, action):
        gained = is_wide or any(not _has(review.schema.relation(name), role, privileges) for role in roles)
        if gained and (is_wide or not _is_guarded(name, privileges, review)):
            yield Harm(
                name,
                f"{told}: on {name}",
                "Grant each role what it needs, table by table; to visitors, select at most.",
                what=",".join(roles),
            )


def _memberships(node: Any, review: Review) -> Iterator[Harm]:
    """Yield the roles that those of requests become members of."""
    members = [role for role in map(role_of, node.grantee_roles) if role in ("public", *review.options.api_roles)]
    for granted in node.granted_roles if node.is_grant and members else ():
        yield Harm(
            granted.priv_name,
            f"{', '.join(members)} may become {granted.priv_name}, by SET ROLE or at once",
            "Grant the privileges that are meant, and not the role.",
            what=",".join(members),
        )


def _targets(node: Any, action: Any) -> Iterator[tuple[str, bool]]:
    """Yield what is granted on, and whether it is more than a table."""
    if is_a(node, ast.AlterDefaultPrivilegesStmt):
        schemas = [strings(option.arg) for option in node.options or () if option.defname == "schemas"]
        yield from ((f"every new table of {name}", True) for name in (schemas[0] if schemas else ("every schema",)))
    elif action.targtype == GrantTargetType.ACL_TARGET_ALL_IN_SCHEMA:
        yield from ((f"every table of {name}", True) for name in strings(action.objects))
    else:
        yield from ((label(each), False) for each in action.objects)


def _has(relation: Relation, role: str, privileges: set[str]) -> bool:
    """Tell whether a role has them already: on Supabase, by default."""
    held = relation.grants.get(role, set())
    return "ALL" in held or privileges <= held


def _is_guarded(name: str, privileges: set[str], review: Review) -> bool:
    """Tell whether policies stand before what is granted."""
    relation = review.final.relation(name)
    if relation.query is not None:
        return privileges <= _READS and (relation.invoker or relation.kind == "materialized view")
    if not relation.known:
        return privileges <= _READS
    return relation.row_security and privileges <= {"SELECT", "INSERT", "UPDATE", "DELETE"}
