"""Every constraint was proved on the rows that were there."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["unvalidated_constraints"]

_QUERY = """
    select format('%%I.%%I', n.nspname, c.relname) as label, quote_ident(k.conname) as name, k.convalidated as valid,
           pg_catalog.pg_get_constraintdef(k.oid) as definition
    from pg_catalog.pg_constraint as k
    join pg_catalog.pg_class as c on c.oid = k.conrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    order by 1, 2
"""


@check(level=Level.WARNING)
def unvalidated_constraints(context: Context) -> Iterator[Finding]:
    """Rows that break a constraint stay, and whoever reads it believes that there are none.

    NOT VALID checks new rows only (manual, ALTER TABLE): it is half of a step that VALIDATE CONSTRAINT ends. Until
    then a restore may fail on the old rows, and the planner leans on nothing.
    """
    constraints = context.read(_QUERY)
    context.count("constraints", len(constraints), "no table of the project has a constraint")
    for constraint in constraints:
        if not constraint.valid:
            yield Finding(
                "unvalidated_constraints",
                f"{constraint.label}.{constraint.name}",
                f"the constraint {constraint.name} of {constraint.label} is NOT VALID after all migrations",
                f"alter table {constraint.label} validate constraint {constraint.name};",
                level=Level.WARNING,
                detail=constraint.definition,
                location=context.locate("constraint", f"{constraint.label}.{constraint.name}"),
            )
