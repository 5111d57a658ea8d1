"""A table's owner is under its policies too, where requests come as the owner."""

from collections.abc import Iterator
from dataclasses import replace

from schemaproof.attack import Attacker, assault, probes, script
from schemaproof.checks import Context, NotApplicable, check
from schemaproof.checks._evidence import require_tenants
from schemaproof.checks._paste import to
from schemaproof.findings import Finding, Level
from schemaproof.surface import Relation

__all__ = ["ownership"]

_OWNERS = "select rolname::text from pg_catalog.pg_roles where not rolsuper and not rolbypassrls"


@check(level=Level.ERROR)
def ownership(context: Context) -> Iterator[Finding]:
    """The application connects as the tables' owner, whom row-level security does not bind.

    Policies do not hold for a table's owner unless row-level security is forced (manual, Row Security Policies). Each
    table whose owner is an ordinary role is attacked as that owner with A's claims. Where nobody is granted anything,
    so that only the owner can be the application, the table is given to a role without privileges for the attack: what
    gets through is then a warning, for it is a guess. An owner with BYPASSRLS or a superuser is bound by nothing.
    """
    require_tenants(context)
    arena = context.arena
    ordinary = {name for (name,) in arena.connection.execute(_OWNERS)}
    tables = [arena.relations[label] for label in arena.discovery.owned if arena.relations[label].row_security]
    owned = [relation for relation in tables if relation.owner in ordinary]
    guessed = [relation for relation in tables if relation not in owned] if arena.cast.synthetic else []
    if not owned and not guessed:
        raise NotApplicable("every table belongs to a role that no policy binds, and requests come as others")
    context.proved["tables"] += len(owned) + len(guessed)
    for relation in owned:
        yield from _attacked(context, relation, relation.owner, Level.ERROR)
    for relation in guessed:
        yield from _attacked(context, relation, arena.cast.member, Level.WARNING, given=True)


def _attacked(
    context: Context, relation: Relation, owner: str, level: Level, *, given: bool = False
) -> Iterator[Finding]:
    give = (f"alter table {relation.identifier.as_string(None)} owner to {to(owner)}",) if given else ()
    member = context.member
    attacker = Attacker(replace(member.identity, role=owner, name=f"the owner {owner}"), "A", before=give)
    privileges = frozenset({(owner, command) for command in ("select", "insert", "update", "delete")})
    columns = tuple(replace(c, may=c.may | privileges) for c in relation.columns)
    as_owner = replace(relation, privileges=relation.privileges | privileges, columns=columns)
    for outcome in assault(context.arena, attacker, [as_owner], probes, victim="B"):
        context.proved["probes"] += 1
        if outcome.reached and not relation.forced:
            guess = "\nguess: nothing is granted to anybody, so that the application must be the owner" if given else ""
            yield Finding(
                "ownership",
                relation.label,
                f"{relation.label}: {attacker.name} reaches another tenant's rows by {outcome.form.command.upper()}"
                f" ({outcome}): row-level security is not forced",
                f"alter table {relation.label} force row level security;",
                level=level,
                detail=script(attacker, outcome.form.statement) + guess,
                location=context.locate("table", relation.label),
                key=f"ownership:{relation.label}",
            )
            return
