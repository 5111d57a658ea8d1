"""One permissive policy for each role and command of a table."""

from collections.abc import Iterator
from itertools import groupby

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level
from schemaproof.policies import Policy

__all__ = ["permissive_policies"]

_COMMANDS = ("select", "insert", "update", "delete")


@check(level=Level.WARNING)
def permissive_policies(context: Context) -> Iterator[Finding]:
    """A reviewer reads one policy, and another one lets in what it keeps out.

    Permissive policies for the same role and command are joined by OR (manual, Row Security Policies): the widest
    decides, and each is evaluated for each row that the ones before it did not let in. Of two that are the same in all
    but their name, one is changed some day and the other is not: a warning.
    """
    policies = [policy for policy in context.policies if policy.enabled and policy.permissive]
    context.count("policies", len(policies), "no table with row-level security has a permissive policy")
    for table, group in groupby(policies, key=lambda policy: policy.table):
        found = list(group)
        yield from _doubles(context, table, found)
        yield from _several(context, table, found)


def _doubles(context: Context, table: str, policies: list[Policy]) -> Iterator[Finding]:
    first: dict[tuple[object, ...], Policy] = {}
    for policy in policies:
        same = first.setdefault((policy.command, *policy.roles, policy.using, policy.check), policy)
        if same is not policy:
            yield Finding(
                "permissive_policies",
                policy.key,
                f"the policies {same.name} and {policy.name} of {table} are the same",
                f"drop policy {policy.name} on {table};",
                level=Level.WARNING,
                location=context.locate("policy", policy.key),
            )


def _several(context: Context, table: str, policies: list[Policy]) -> Iterator[Finding]:
    lines = []
    for role in context.asking_roles:
        for command in _COMMANDS:
            names = [policy.name for policy in policies if policy.governs(command) and policy.is_for(role)]
            if len(names) > 1:
                lines.append(f"{command} as {role}: {', '.join(names)}")
    if lines:
        yield Finding(
            "permissive_policies",
            table,
            f"several permissive policies of {table} are joined by OR",
            "Make one policy of those for the same role and command, or say AS RESTRICTIVE where one should narrow.",
            level=Level.NOTE,
            detail="\n".join(lines),
            location=context.locate("table", table),
        )
