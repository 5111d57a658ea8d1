"""Policies are for roles that policies hold for."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level
from schemaproof.policies import Policy

__all__ = ["moot_policies"]

_QUERY = "select rolname::text as name from pg_catalog.pg_roles where rolsuper or rolbypassrls"


@check(level=Level.NOTE)
def moot_policies(context: Context) -> Iterator[Finding]:
    """Somebody tightens a policy, and nothing changes: its role passes all policies by.

    A role with BYPASSRLS, `service_role` on Supabase, reads and writes every row without a policy. One note a role.
    """
    context.count("policies", len(context.policies), "there is no policy")
    bypassing = {role.name for role in context.read(_QUERY)}
    moot: dict[str, list[Policy]] = {}
    for policy in context.policies:
        if bypassing.issuperset(policy.roles):
            moot.setdefault(", ".join(policy.roles), []).append(policy)
    for role, policies in moot.items():
        yield Finding(
            "moot_policies",
            role,
            f"policies for {role}, which bypasses row-level security, do nothing: {len(policies)}",
            "Drop them: what the role may do, its grants say.",
            level=Level.NOTE,
            detail="\n".join(policy.key for policy in policies),
            location=context.locate("policy", policies[0].key),
        )
