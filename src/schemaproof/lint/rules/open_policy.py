"""A policy asks who is asking."""

from collections.abc import Iterator
from typing import Any

from pglast import ast

from schemaproof.findings import Level
from schemaproof.lint.names import label, written
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.schema import Policy
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a

__all__ = ["open_policy"]


@rule(level=Level.WARNING)
def open_policy(step: Step, review: Review) -> Iterator[Harm]:
    """A permissive policy with the condition `true`, for everyone or for visitors, opens a table that was guarded.

    Permissive policies add up: beside this one, what the others ask no longer matters, and so it is told for members
    too where others ask something. For reading, that may be meant for what is public; for writing, it never is.
    """
    if not is_a(step.node, ast.CreatePolicyStmt, ast.AlterPolicyStmt):
        return
    table = label(step.node.table)
    policy = review.final.policies.get((table, step.node.policy_name))
    if policy is None or policy.step is not step or review.existing(table) is None or not policy.permissive:
        return
    overruled = list(_overruled(policy, review))
    asked = review.options.api_roles if overruled else ()
    roles = [role for role in policy.roles or ("public",) if role in (*_everyone(review), *asked)]
    if roles and _is_open(policy):
        name = f"{table}.{written(policy.name)}"
        yield Harm(
            name,
            f"policy {name} lets {', '.join(roles)} {_words(policy.command)} every row of {table}",
            "Ask in it for who the caller is; or give it to the roles that are meant.",
            detail="\n".join(f"no longer matters: {each}" for each in overruled),
        )


def _everyone(review: Review) -> tuple[str, ...]:
    """Roles that anybody can come as: `public`, and the least of the platform's."""
    return ("public", *review.options.api_roles[:1])


def _is_open(policy: Policy) -> bool:
    said = [each for each in (policy.using, policy.check) if each is not None]
    return bool(said) and all(map(_is_true, said))


def _is_true(node: Any) -> bool:
    if is_a(node, ast.TypeCast):
        return _is_true(node.arg)
    return is_a(node, ast.A_Const) and is_a(node.val, ast.Boolean) and bool(node.val.boolval)


def _words(command: str) -> str:
    return "read and write" if command == "ALL" else command.lower()


def _overruled(policy: Policy, review: Review) -> Iterator[str]:
    for each in review.final.policies_of(policy.table):
        same = each.name != policy.name and policy.command in (each.command, "ALL")
        whom = not {*each.roles, "public"}.isdisjoint({*policy.roles, "public"} if not policy.roles else policy.roles)
        if each.permissive and same and whom and not _is_open(each):
            yield written(each.name)
