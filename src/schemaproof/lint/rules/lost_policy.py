"""A policy that is taken away is replaced."""

from collections.abc import Iterator

from pglast import ast
from pglast.enums import ObjectType

from schemaproof.findings import Level
from schemaproof.lint.names import part_of, written
from schemaproof.lint.rule import Harm, Review, rule
from schemaproof.lint.schema import Policy
from schemaproof.lint.step import Step
from schemaproof.lint.trees import is_a

__all__ = ["lost_policy"]


@rule(level=Level.ERROR)
def lost_policy(step: Step, review: Review) -> Iterator[Harm]:
    """A policy is dropped, and none for the same table and command comes in its place.

    A restrictive one forbade what is allowed from then on: an error where others still let somebody in, and a warning
    where the table gets new ones. Without a permissive one, nobody passes any more, and statements find no row instead
    of failing: a warning.
    """
    if not is_a(step.node, ast.DropStmt) or step.node.removeType != ObjectType.OBJECT_POLICY:
        return
    for item in step.node.objects:
        key = part_of(item)
        policy = review.schema.policies.get(key)
        if policy is None or review.existing(key[0]) is None or key[0] not in review.final.relations:
            continue
        stay = review.final.policies_of(key[0])
        if review.final.relation(key[0]).row_security and not any(_replaces(each, policy) for each in stay):
            yield _harm(policy, stay, redone=any(each.step.is_new for each in stay))


def _replaces(other: Policy, policy: Policy) -> bool:
    """Tell whether another policy is about the same: of its kind, and for its command."""
    commands = {other.command, policy.command}
    return other.permissive == policy.permissive and (len(commands) == 1 or "ALL" in commands)


def _harm(policy: Policy, stay: list[Policy], *, redone: bool) -> Harm:
    name = f"{policy.table}.{written(policy.name)}"
    opens = not policy.permissive and any(each.permissive for each in stay)
    told = "what it forbade is allowed" if opens else f"nobody passes any more: {policy.command}"
    return Harm(
        name,
        f"the {'permissive' if policy.permissive else 'restrictive'} policy {name} is dropped and not replaced: {told}",
        "Put it back, or make the one that takes its place in the same migration.",
        level=Level.ERROR if opens and not redone else Level.WARNING,
    )
