"""What a tenant can observe does not depend on another tenant's rows."""

from collections.abc import Iterator

from schemaproof.attack import Answer, Difference, interfere, script
from schemaproof.checks import Context, check
from schemaproof.checks._evidence import callers, require_tenants
from schemaproof.findings import Finding, Level
from schemaproof.surface import Relation, Routine

__all__ = ["interference"]


@check(level=Level.ERROR)
def interference(context: Context) -> Iterator[Finding]:
    """An aggregate, a count or a yes tells one tenant of another's rows, although it shows none of them.

    Every relation that a caller may read and every function that runs with its owner's rights is asked with B's rows
    there, once more, and with B's rows gone: an answer that is the same twice and another one then depends on B. It is
    an error where B's own key was given and figures came back; else a warning, for a sum over all may be meant.
    """
    require_tenants(context)
    told: set[str] = set()
    campaign = context.campaign
    known = {cell.relation.label for cell in campaign.cells if cell.reached and cell.command == "select"}
    for difference in interfere(campaign, list(callers(context)), "B"):
        label = difference.thing.label
        if label not in told and label not in known:
            told.add(label)
            yield _finding(context, difference)
    context.proved["relations"] += len(context.arena.discovery.relations)
    context.proved["functions"] += sum(routine.definer for routine in context.arena.routines)


def _finding(context: Context, found: Difference) -> Finding:
    thing = found.thing
    kind = _kind(thing)
    detail = script(found.attacker, found.statement)
    return Finding(
        "interference",
        thing.label,
        f"{kind} {thing.label}: what {found.attacker.name} is answered depends on another tenant's rows"
        f" ({_brief(found.there)} with them, {_brief(found.gone)} without)",
        "Filter by the caller's tenant, or exclude it with the reason that the figure is meant for all.",
        level=_level(context, found),
        detail=detail,
        location=context.locate(kind.replace("materialised", "materialized"), thing.label),
        key=f"interference:{thing.label}",
    )


def _kind(thing: Relation | Routine) -> str:
    if isinstance(thing, Routine):
        return thing.kind
    return {"v": "view", "m": "materialised view", "f": "foreign table"}.get(thing.kind, "table")


def _level(context: Context, found: Difference) -> Level:
    """B's figures for B's key are B's data; yes and no, and sums over all, may be meant."""
    boundary = context.arena.discovery.boundary
    keys = {key for keys in context.arena.worlds[1].keys.values() for key in keys}
    given = any(key in found.statement for key in keys)
    values = {cell for row in found.there.rows for cell in row}
    figures = bool(values - {"t", "f", None})
    certain = given and figures and boundary is not None and not boundary.of_users
    return Level.ERROR if certain and isinstance(found.thing, Routine) else Level.WARNING


def _brief(answer: Answer) -> str:
    if answer.sqlstate is not None:
        return answer.sqlstate
    if len(answer.rows) == 1 and len(answer.rows[0]) == 1:
        value = answer.rows[0][0]
        return "NULL" if value is None else value
    return f"{len(answer.rows)} row{'' if len(answer.rows) == 1 else 's'}"
