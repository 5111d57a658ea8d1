"""No policy trusts what users write about themselves."""

from collections.abc import Iterator
from typing import Any

from pglast import ast
from pglast.enums import BoolExprType

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level
from schemaproof.policies import Policy
from schemaproof.references import Name, call_of, children, column_of, nodes, text_of
from schemaproof.surface import Routine

__all__ = ["user_metadata"]

_IDENTITY = {Name("auth", "uid"), Name("auth", "jwt")}


@check(level=Level.ERROR)
def user_metadata(context: Context) -> Iterator[Finding]:
    """A user makes itself an administrator, by a claim that it may set itself.

    `user_metadata` in the token is `auth.users.raw_user_meta_data`, which every user writes through the API; only
    `app_metadata` is the back end's. An error where a permissive policy stands on it; a warning where another
    condition on the caller must hold too, or where a function that the policy calls reads it.
    """
    policies = [policy for policy in context.policies if policy.enabled]
    context.count("policies", len(policies), "no table with row-level security has a policy")
    for policy in policies:
        if found := _trusts(context, policy):
            level, how = found
            yield Finding(
                "user_metadata",
                policy.key,
                f"the policy {policy.name} of {policy.table} trusts user_metadata{how}, which the user writes itself",
                "Read app_metadata, which only the back end sets, or a table that users cannot write.",
                level=level,
                detail="\n".join(policy.expressions),
                location=context.locate("policy", policy.key),
            )


def _trusts(context: Context, policy: Policy) -> tuple[Level, str] | None:
    if any(_reads(node) for tree in policy.trees for node in nodes(tree)):
        alone = any(_stands_alone(tree) for tree in policy.trees)
        return (Level.ERROR if policy.permissive and alone else Level.WARNING), ""
    for routine in _called(context, policy):
        if (
            any("user_metadata" in each for each in routine.references.constants)
            or "raw_user_meta_data" in routine.body
        ):
            return Level.WARNING, f" through {routine.label}"
    return None


def _called(context: Context, policy: Policy) -> Iterator[Routine]:
    for name in sorted(policy.calls, key=str):
        yield from context.routines.get(name, ())


def _reads(node: Any) -> bool:
    """Tell whether it is the claim's name, or the column that the claim is made of."""
    return "user_metadata" in (text_of(node) or "") or column_of(node)[-1:] == ("raw_user_meta_data",)


def _stands_alone(tree: Any) -> bool:
    """Tell whether the claim decides by itself: no other part of an AND looks at the caller."""
    if not any(_reads(node) for node in nodes(tree)):
        return False
    if isinstance(tree, ast.BoolExpr) and tree.boolop == BoolExprType.AND_EXPR:
        others = [part for part in children(tree.args) if not any(_reads(node) for node in nodes(part))]
        return not any(call_of(node) in _IDENTITY for node in nodes(tuple(others)))
    return True
