-- Constraints of tables and domains. `disabled` tells that the triggers behind a foreign key do not fire (normally).
-- Constraint triggers are triggers, and NOT NULL of a domain is its property `not_null` (a constraint since 17). The
-- definition's tail repeats what has a property of its own, so it is cut.
select
    'constraint',
    coalesce(c.name, n.name || '.' || quote_ident(t.typname)) || '.' || quote_ident(k.conname),
    json_build_object(
        'schema', coalesce(c.nspname, n.nspname),
        'type', case k.contype
            when 'c' then 'check'
            when 'f' then 'foreign key'
            when 'p' then 'primary key'
            when 'u' then 'unique'
            when 'x' then 'exclusion'
            when 'n' then 'not null'
        end,
        'definition', regexp_replace(
            pg_get_constraintdef(k.oid), '( NO INHERIT)?( DEFERRABLE)?( INITIALLY DEFERRED)?( NOT VALID)?$', ''
        ),
        'validated', k.convalidated,
        'deferrable', k.condeferrable,
        'deferred', k.condeferred,
        'no_inherit', case when k.contype in ('c', 'n') then k.connoinherit end,
        'index', nullif(k.conindid, 0)::regclass::text,
        'inherited', nullif(k.coninhcount > 0, false),
        'local', nullif(k.conislocal, true),
        'disabled', g.states,
        'comment', d.description
    )
from pg_constraint as k
left join relations as c on c.oid = k.conrelid
left join pg_type as t on t.oid = nullif(k.contypid, 0)
left join namespaces as n on n.oid = t.typnamespace
left join (
    select
        tgconstraint,
        json_agg(tgrelid::regclass::text || ' ' || tgenabled::text order by tgrelid::regclass::text, tgtype) as states
    from pg_trigger
    where tgisinternal and tgenabled <> 'O'
    group by tgconstraint
) as g on g.tgconstraint = k.oid
left join pg_description as d on d.classoid = 'pg_constraint'::regclass and d.objoid = k.oid
where
    k.contype <> 't'
    and not (k.contype = 'n' and k.contypid <> 0)
    and (c.oid is not null or n.oid is not null)
    and not exists (select from members where classid = 'pg_type'::regclass and objid = k.contypid)
