"""No policy lets everyone write every row."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.checks._paste import to
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
        _remedy(context, policy),
        level=Level.NOTE if command == "insert" else level,
        detail=" ".join(_conditions(policy)),
        location=context.locate("policy", policy.key),
    )


def _remedy(context: Context, policy: Policy) -> str:
    if policy.roles != ["public"]:
        return f"Give the policy {policy.name} a condition."
    service = context.target.roles.service
    known = context.read("select from pg_catalog.pg_roles where rolname = %(service)s", service=service)
    if known:
        return f"alter policy {policy.name} on {policy.table} to {to(service)}; or give it a condition."
    return f"Give the policy {policy.name} a condition, or name with TO the role that it is for."


def _conditions(policy: Policy) -> Iterator[str]:
    if policy.using is not None:
        yield f"using ({policy.using})"
    if policy.check is not None:
        yield f"with check ({policy.check})"
