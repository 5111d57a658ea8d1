-- Triggers, rules and event triggers, with the state that ALTER … ENABLE | DISABLE gives them.
select
    'trigger',
    t.tgrelid::regclass::text || '.' || quote_ident(t.tgname),
    json_build_object(
        'schema', n.nspname,
        'definition', pg_get_triggerdef(t.oid),
        'function', t.tgfoid::regprocedure::text,
        'enabled', case t.tgenabled
            when 'O' then 'origin' when 'D' then 'disabled' when 'R' then 'replica' else 'always'
        end,
        'inherited', nullif(t.tgparentid <> 0, false),
        'comment', d.description
    )
from pg_trigger as t
join pg_class as c on c.oid = t.tgrelid
join namespaces as n on n.oid = c.relnamespace
left join pg_description as d on d.classoid = 'pg_trigger'::regclass and d.objoid = t.oid
where not t.tgisinternal
union all
select
    'rule',
    c.name || '.' || quote_ident(r.rulename),
    json_build_object(
        'schema', c.nspname,
        'definition', pg_get_ruledef(r.oid),
        'enabled', case r.ev_enabled
            when 'O' then 'origin' when 'D' then 'disabled' when 'R' then 'replica' else 'always'
        end,
        'comment', d.description
    )
from relations as c
join pg_rewrite as r on r.ev_class = c.oid and r.rulename <> '_RETURN'
left join pg_description as d on d.classoid = 'pg_rewrite'::regclass and d.objoid = r.oid
union all
select
    'event trigger',
    quote_ident(t.evtname),
    json_build_object(
        'owner', pg_get_userbyid(t.evtowner),
        'event', t.evtevent,
        'tags', t.evttags,
        'function', t.evtfoid::regprocedure::text,
        'enabled', case t.evtenabled
            when 'O' then 'origin' when 'D' then 'disabled' when 'R' then 'replica' else 'always'
        end,
        'comment', d.description
    )
from pg_event_trigger as t
left join pg_description as d on d.classoid = 'pg_event_trigger'::regclass and d.objoid = t.oid
where
    $1::text[] is null
    and not exists (select from members where classid = 'pg_event_trigger'::regclass and objid = t.oid)
