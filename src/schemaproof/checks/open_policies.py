"""No policy lets everyone write every row."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level
from schemaproof.policies import Policy

__all__ = ["open_policies"]

_COMMANDS = ("update", "delete", "insert")


@check(level=Level.ERROR)
def open_policies(context: Context) -> Iterator[Finding]:
    """Everyone changes or deletes everyone's rows, because a policy's condition is the constant true.

    Without TO a policy is for everyone: one that was meant for the back end alone, whose role needs none, opens the
    table to every visitor. Looked at are permissive policies whose role holds the privilege and that no restrictive
    one narrows.
    """
    policies = [policy for policy in context.policies if policy.enabled and policy.permissive]
    context.count("policies", len(policies), "no table with row-level security has a permissive policy")
    for policy in policies:
        for command in (each for each in _COMMANDS if policy.governs(each) and policy.lets_all(each)):
            roles = [role for role in context.asking_roles if _reaches(context, policy, command, role)]
            if roles:
                yield _finding(context, policy, command, roles)
                break


def _reaches(context: Context, policy: Policy, command: str, role: str) -> bool:
    held = context.reach.get((policy.table, role))
    narrowed = any(
        not other.permissive and other.table == policy.table and other.governs(command) and other.is_for(role)
        for other in context.policies
    )
    return policy.is_for(role) and held is not None and command in held.commands and not narrowed


def _finding(context: Context, policy: Policy, command: str, roles: list[str]) -> Finding:
    level = Level.ERROR if context.target.roles.anonymous in roles else Level.WARNING
    return Finding(
        "open_policies",
        policy.key,
        f"the policy {policy.name} lets {' and '.join(roles)} {command} any row of {policy.table}",
        f"alter policy {policy.name} on {policy.table} to service_role; or give it a condition."
        if policy.roles == ["public"]
        else f"Give the policy {policy.name} a condition.",
        level=Level.NOTE if command == "insert" else level,
        detail=f"using ({policy.using}) with check ({policy.check})",
        location=context.locate("policy", policy.key),
    )
