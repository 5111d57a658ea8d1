"""Triggers, rules and foreign keys are switched on."""

from collections.abc import Iterator

from schemaproof.checks import Context, check
from schemaproof.findings import Finding, Level

__all__ = ["disabled_triggers"]

# `internal`: what enforces a foreign key. Partitions repeat their parent's triggers.
_QUERY = """
    select 'trigger' as kind, format('%%I.%%I', n.nspname, c.relname) as label, quote_ident(t.tgname) as name,
           t.tgisinternal as internal, t.tgenabled as state, quote_ident(k.conname) as key
    from pg_catalog.pg_trigger as t
    join pg_catalog.pg_class as c on c.oid = t.tgrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    left join pg_catalog.pg_constraint as k on k.oid = t.tgconstraint and k.contype = 'f'
    where t.tgparentid = 0
    union all
    select 'rule', format('%%I.%%I', n.nspname, c.relname), quote_ident(r.rulename), false, r.ev_enabled, null
    from pg_catalog.pg_rewrite as r
    join pg_catalog.pg_class as c on c.oid = r.ev_class and r.rulename <> '_RETURN'
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = any (%(schemas)s)
    order by 2, 3
"""
_STATES = {"D": "disabled", "R": "fired by replication only"}


@check(level=Level.ERROR)
def disabled_triggers(context: Context) -> Iterator[Finding]:
    """A trigger that was switched off for one migration stays off, and what it kept true is true no more.

    DISABLE TRIGGER ALL takes foreign keys with it: the catalogue still shows them as valid, and nothing checks them (an
    error). A trigger or rule of the project that is off is a warning.
    """
    triggers = context.read(_QUERY)
    context.count("triggers", len(triggers), "the project has no trigger, rule or foreign key")
    told: set[tuple[str, str]] = set()
    for trigger in triggers:
        name = trigger.key if trigger.internal else trigger.name
        if trigger.state not in _STATES or name is None or (trigger.label, name) in told:
            continue
        told.add((trigger.label, name))
        noun = "foreign key" if trigger.internal else trigger.kind
        yield Finding(
            "disabled_triggers",
            f"{trigger.label}.{name}",
            f"the {noun} {name} of {trigger.label} is {_STATES[trigger.state]}"
            + (": nothing checks it" if trigger.internal else ""),
            f"alter table {trigger.label} enable {'rule' if noun == 'rule' else 'trigger'} "
            + ("all;" if trigger.internal else f"{name};"),
            level=Level.ERROR if trigger.internal else Level.WARNING,
            location=context.locate("constraint" if trigger.internal else trigger.kind, f"{trigger.label}.{name}")
            or context.locate("table", trigger.label),
        )
