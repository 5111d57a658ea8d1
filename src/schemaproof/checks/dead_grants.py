"""Grants on tables with row-level security that no policy lets anyone use."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.checks._paste import to
from schemaproof.findings import Finding, Level
from schemaproof.policies import Policy

__all__ = ["dead_grants"]

_COMMANDS = ("select", "insert", "update", "delete")


@check(level=Level.WARNING)
def dead_grants(context: Context) -> Iterator[Finding]:
    """A grant waits for the policy that someone writes in haste, or somebody misses the policy that it needs.

    With row-level security a command reaches nothing without a permissive policy for it (manual, Row Security
    Policies). A privilege that no policy uses is one line away from being used, and a feature that silently finds no
    row.
    """
    guarded: dict[str, list[Policy]] = {
        policy.table: [] for policy in context.policies if policy.enabled and policy.schema in context.schemas
    }
    for policy in context.policies:
        if policy.table in guarded and policy.permissive:
            guarded[policy.table].append(policy)
    guarded = {table: policies for table, policies in guarded.items() if policies}
    pairs = [(table, role) for table, role in context.reach if table in guarded and role != "public"]
    context.count("grants", len(pairs), "no role that requests come as holds a grant on a table with policies")
    blanket: dict[str, list[str]] = {}
    for table, role in sorted(pairs):
        held, policies = context.reach[table, role], [policy for policy in guarded[table] if policy.is_for(role)]
        dead = [each for each in _COMMANDS if each in held.commands and not any(p.governs(each) for p in policies)]
        if dead and held.blanket:
            blanket.setdefault(role, []).append(f"{table}: {', '.join(dead)}")
        elif dead:
            yield _finding(context, table, role, dead)
    for role, lines in blanket.items():
        yield _summary(role, lines)


def _finding(context: Context, table: str, role: str, dead: list[str]) -> Finding:
    commands = ", ".join(dead)
    return Finding(
        "dead_grants",
        table,
        f"{role} holds {commands.upper()} on {table}, which no policy lets it use",
        f"revoke {commands} on table {table} from {to(role)}; or write the policy that it needs.",
        level=Level.WARNING,
        location=context.locate_grant("table", table, role, dead[0]),
        key=f"dead_grants:{table}:{role}",
    )


def _summary(role: str, lines: list[str]) -> Finding:
    """One note for what came with GRANT ALL or with the platform's default privileges."""
    return Finding(
        "dead_grants",
        role,
        f"{role} was granted all on tables of which no policy lets it use a part: {len(lines)}",
        f"revoke all on table … from {to(role)}; then grant what a policy lets it use.",
        level=Level.NOTE,
        detail="\n".join(lines),
        key=f"dead_grants:{role}",
    )
