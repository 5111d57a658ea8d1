"""Triggers that refuse are on even where replication's mode is."""

from collections.abc import Iterator
from itertools import groupby

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["replica_guards"]

_QUERY = """
    select t.tgfoid::regprocedure::text as key, t.tgenabled as state,
           format('%%I.%%I', n.nspname, c.relname) as label, quote_ident(t.tgname) as name
    from pg_catalog.pg_trigger as t
    join pg_catalog.pg_class as c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    where not t.tgisinternal and t.tgparentid = 0
    order by 1, 3, 4
"""


@check(level=Level.NOTE)
def replica_guards(context: Context) -> Iterator[Finding]:
    """A guard is passed by without a word: whoever sets session_replication_role to replica meets no ordinary trigger.

    That is what restores and bulk loads do; Supabase lets `postgres` do it too. A trigger that only keeps a column up
    may be passed by; one whose function raises is meant to hold always, and ENABLE ALWAYS makes it (manual, ALTER
    TABLE). One note a function.
    """
    triggers = context.read(_QUERY)
    context.count("triggers", len(triggers), "the project has no trigger")
    raising = {each.label for each in context.routines.of(context.schemas) if each.references.raises}
    guards = [trigger for trigger in triggers if trigger.key in raising and trigger.state == "O"]
    for key, group in groupby(guards, key=lambda trigger: trigger.key):
        found = list(group)
        yield Finding(
            "replica_guards",
            key,
            f"{key} refuses, but not where session_replication_role is replica: "
            + ", ".join(f"{trigger.name} of {trigger.label}" for trigger in found),
            " ".join(f"alter table {trigger.label} enable always trigger {trigger.name};" for trigger in found),
            level=Level.NOTE,
            location=context.locate("trigger", f"{found[0].label}.{found[0].name}"),
        )
