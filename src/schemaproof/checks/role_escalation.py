"""No role of requests can become one that the policies do not hold for."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.checks._paste import to
from schemaproof.findings import Finding, Level

__all__ = ["role_escalation"]

_QUERY = """
    select r.name as role, g.rolname::text as becomes
    from unnest(%(roles)s::text[]) as r (name)
    join pg_catalog.pg_roles as a on a.rolname = r.name
    join pg_catalog.pg_roles as g on (g.rolsuper or g.rolbypassrls) and pg_catalog.pg_has_role(a.oid, g.oid, 'member')
    order by 1, 2
"""
_BYPASSING = "select rolname::text as name from pg_catalog.pg_roles where rolsuper or rolbypassrls order by 1"


@check(level=Level.ERROR)
def role_escalation(context: Context) -> Iterator[Finding]:
    """A request turns into a superuser's, or into one that no policy holds for.

    A member of a role can SET ROLE to it (manual, Role Membership). An error where a role that requests come as is or
    can become one with SUPERUSER or BYPASSRLS; a warning for each such role that a migration makes: whoever logs in as
    it reads every tenant's rows.
    """
    roles = [role for role in context.asking_roles if role != "public"]
    context.count("roles", len(roles), "no role here is one that requests come as")
    for found in context.read(_QUERY):
        itself = found.role == found.becomes
        yield Finding(
            "role_escalation",
            found.role,
            f"{found.role} bypasses row-level security"
            if itself
            else f"{found.role} can become {found.becomes}, which bypasses row-level security",
            f"alter role {to(found.role)} nobypassrls;"
            if itself
            else f"revoke {to(found.becomes)} from {to(found.role)};",
            location=context.locate("role", found.role),
            key=f"role_escalation:{found.role}:{found.becomes}",
        )
    for role in context.read(_BYPASSING):
        if role.name not in roles and (location := context.locate("role", role.name)):
            yield Finding(
                "role_escalation",
                role.name,
                f"{role.name} is made to bypass row-level security",
                f"alter role {to(role.name)} nobypassrls; or exclude it with the reason that it needs it.",
                level=Level.WARNING,
                location=location,
            )
