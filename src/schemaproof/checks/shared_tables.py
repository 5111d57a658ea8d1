"""Tables without a tenant are the same for all: read by many, written by none of them."""

from collections.abc import Iterator, Mapping, Sequence

from schemaproof.attack import Attacker, insertion, script, setting, standing_as, text
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import callers, require_tenants
from schemaproof.findings import Finding, Level
from schemaproof.surface import Relation

__all__ = ["shared_tables"]


@check(level=Level.WARNING)
def shared_tables(context: Context) -> Iterator[Finding]:
    """A table that all tenants share is changed by one of them.

    A table that hangs on no tenant, by no column and no foreign key, is taken as shared and listed in the results. A
    member, a visitor and a login without claims try to insert, change and delete there: what works is a warning, for
    the table may be meant for that, or a tenant's column may be missing.
    """
    require_tenants(context)
    arena = context.arena
    shared = [arena.relations[label] for label in arena.discovery.shared]
    if not shared:
        raise NotApplicable("every table belongs to tenants")
    context.proved["tables"] += len(shared)
    reached: dict[str, list[tuple[Attacker, str, str]]] = {}
    for attacker in callers(context):
        with standing_as(arena, attacker):
            for relation in shared:
                for command, statement in _writes(context, relation, attacker.identity.role):
                    context.proved["probes"] += 1
                    answer = arena.wire.run(statement)
                    if answer.count or (answer.sqlstate in ("23503", "23505") and answer.table):
                        reached.setdefault(relation.label, []).append((attacker, command, statement))
    for label, found in reached.items():
        yield _finding(context, label, found)


def _writes(context: Context, relation: Relation, role: str) -> Iterator[tuple[str, str]]:
    rows = context.arena.rows.get(relation.label, ())
    for command in ("insert", "update", "delete"):
        fit = [c.name for c in relation.columns if c.writable and ((role, command) in c.may or command == "delete")]
        if rows and fit and relation.lets(role, command):
            yield command, _write(relation, command, fit, rows[0].values)


def _write(relation: Relation, command: str, columns: Sequence[str], values: Mapping[str, str | None]) -> str:
    if command == "insert":
        return insertion(relation, columns, values)
    if command == "update":
        column = min(columns, key=lambda name: name in relation.key)
        return text("update {} set {}", relation.identifier, setting([column], values))
    return text("delete from {}", relation.identifier)


def _finding(context: Context, label: str, found: list[tuple[Attacker, str, str]]) -> Finding:
    commands = ", ".join(dict.fromkeys(command.upper() for _, command, _ in found))
    who = ", ".join(dict.fromkeys(attacker.name for attacker, _, _ in found))
    attacker, _, statement = found[0]
    return Finding(
        "shared_tables",
        label,
        f"{label}, which all tenants share, is written by {who} ({commands})",
        "Revoke the privilege, give the table a tenant's column, or exclude this with the reason that it is meant.",
        level=Level.WARNING,
        detail=f"{script(attacker, statement)}\n-- taken as shared: {context.arena.discovery.shared[label]}",
        location=context.locate("table", label),
        key=f"shared_tables:{label}",
    )
