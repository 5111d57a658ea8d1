"""Functions with their owner's rights find the objects that their author meant."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level
from schemaproof.references import Name
from schemaproof.surface import Routine

__all__ = ["definer_path"]

# Schemas in which a role that asks may make objects: `pg_temp` where it may make temporary tables.
_CREATABLE = """
    select distinct n.nspname::text as name
    from pg_catalog.pg_namespace as n, unnest(%(roles)s::text[]) as r (name)
    where pg_catalog.has_schema_privilege(r.name, n.oid, 'create')
    union
    select 'pg_temp'
    from unnest(%(roles)s::text[]) as r (name)
    where pg_catalog.has_database_privilege(r.name, pg_catalog.current_database(), 'temporary')
"""
_DEFAULT = "public"


@check(level=Level.ERROR)
def definer_path(context: Context) -> Iterator[Finding]:
    """A caller puts its own table before the real one, and a function with its owner's rights reads or writes that.

    A SECURITY DEFINER function without a search_path of its own looks names up along the caller's (manual, CREATE
    FUNCTION, Writing SECURITY DEFINER Functions Safely). Temporary tables come first unless pg_temp stands last in the
    path. An error where a role that asks may make objects in a schema that is searched; a body of the standard's form
    is bound already.
    """
    definers = [each for each in context.routines.of(context.schemas) if each.definer]
    context.count("functions", len(definers), "no function of the project has its owner's rights")
    # A request through an API is a statement that the API made: it creates no table.
    brings_sql = not context.session.platform.api_roles
    creatable = {schema.name for schema in context.read(_CREATABLE)} if brings_sql else set()
    shadowed: list[Routine] = []
    for routine in definers:
        bare = _bare(routine)
        if not routine.bound and (not routine.pins_path or (creatable.intersection(_path(routine)) and bare)):
            yield _finding(context, routine, bare, creatable)
        elif bare and routine.executable_by and "pg_temp" in _path(routine):
            shadowed.append(routine)
    if shadowed:
        yield _summary(context, shadowed)


def _bare(routine: Routine) -> list[str]:
    """Return the tables that the body names without a schema."""
    if routine.bound or routine.trigger:  # a trigger's transition tables have none
        return []
    found = {name.name for name in routine.references.relations if isinstance(name, Name) and name.schema is None}
    return sorted(found - routine.references.made)


def _path(routine: Routine) -> list[str]:
    """Return the schemas that are searched for tables, pg_temp first unless it is named; last, it is before none."""
    pinned = next((found.partition("=")[2] for found in routine.settings if found.startswith("search_path=")), _DEFAULT)
    named = [name for part in pinned.split(",") if (name := part.strip().strip('"'))]
    if "pg_temp" not in named:
        return ["pg_temp", *named]
    return named[:-1] if named[-1] == "pg_temp" else named


def _finding(context: Context, routine: Routine, bare: list[str], creatable: set[str]) -> Finding:
    reached = bare and routine.executable_by and creatable.intersection(_path(routine))
    summary = f"{routine.label} has its owner's rights and " + (
        "no search_path of its own" if not routine.pins_path else "a search_path in which others make objects"
    )
    if bare:
        summary += f", and names {', '.join(bare)} without a schema"
    level = Level.ERROR if reached else Level.WARNING if routine.executable_by or routine.trigger else Level.NOTE
    return Finding(
        "definer_path",
        routine.label,
        summary,
        f"alter {routine.kind} {routine.label} set search_path = ''; and write every name with its schema.",
        level=level,
        detail=f"called by {', '.join(sorted(routine.executable_by))}" if routine.executable_by else "",
        location=context.locate(routine.kind, routine.label),
    )


def _summary(context: Context, routines: list[Routine]) -> Finding:
    """One note for paths that leave pg_temp out: it is searched first then, for tables and types."""
    return Finding(
        "definer_path",
        "pg_temp",
        f"functions with their owner's rights search temporary tables before those that they name: {len(routines)}",
        "set search_path = ''; or put pg_temp last: set search_path = public, pg_temp.",
        level=Level.NOTE,
        detail="\n".join(f"{each.label}: {', '.join(_bare(each))}" for each in routines),
        location=context.locate(routines[0].kind, routines[0].label),
        key="definer_path:pg_temp",
    )
