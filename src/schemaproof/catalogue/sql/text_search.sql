-- only if exists (select from pg_ts_config where oid >= 16384)
-- only if exists (select from pg_ts_dict where oid >= 16384)
-- only if exists (select from pg_ts_parser where oid >= 16384)
-- only if exists (select from pg_ts_template where oid >= 16384)
-- only if exists (select from pg_collation where oid >= 16384)
-- only if exists (select from pg_conversion where oid >= 16384)
-- Text search, collations and conversions. Columns that differ by major version are read through to_jsonb.
select
    'text search configuration',
    n.name || '.' || quote_ident(c.cfgname),
    json_build_object(
        'schema', n.nspname,
        'owner', pg_get_userbyid(c.cfgowner),
        'parser', (
            select quote_ident(s.nspname) || '.' || quote_ident(p.prsname)
            from pg_ts_parser as p
            join pg_namespace as s on s.oid = p.prsnamespace
            where p.oid = c.cfgparser
        ),
        'mappings', array(
            select m.maptokentype || ' ' || m.mapdict::regdictionary::text
            from pg_ts_config_map as m
            where m.mapcfg = c.oid
            order by m.maptokentype, m.mapseqno
        ),
        'comment', d.description
    )
from pg_ts_config as c
join namespaces as n on n.oid = c.cfgnamespace
left join pg_description as d on d.classoid = 'pg_ts_config'::regclass and d.objoid = c.oid
where not exists (select from members where classid = 'pg_ts_config'::regclass and objid = c.oid)
union all
select
    'text search dictionary',
    n.name || '.' || quote_ident(c.dictname),
    json_build_object(
        'schema', n.nspname,
        'owner', pg_get_userbyid(c.dictowner),
        'template', (
            select quote_ident(s.nspname) || '.' || quote_ident(t.tmplname)
            from pg_ts_template as t
            join pg_namespace as s on s.oid = t.tmplnamespace
            where t.oid = c.dicttemplate
        ),
        'options', c.dictinitoption,
        'comment', d.description
    )
from pg_ts_dict as c
join namespaces as n on n.oid = c.dictnamespace
left join pg_description as d on d.classoid = 'pg_ts_dict'::regclass and d.objoid = c.oid
where not exists (select from members where classid = 'pg_ts_dict'::regclass and objid = c.oid)
union all
select
    'text search parser',
    n.name || '.' || quote_ident(c.prsname),
    json_build_object(
        'schema', n.nspname,
        'functions', json_build_array(
            c.prsstart::text, c.prstoken::text, c.prsend::text, c.prsheadline::text, c.prslextype::text
        ),
        'comment', d.description
    )
from pg_ts_parser as c
join namespaces as n on n.oid = c.prsnamespace
left join pg_description as d on d.classoid = 'pg_ts_parser'::regclass and d.objoid = c.oid
where not exists (select from members where classid = 'pg_ts_parser'::regclass and objid = c.oid)
union all
select
    'text search template',
    n.name || '.' || quote_ident(c.tmplname),
    json_build_object(
        'schema', n.nspname,
        'functions', json_build_array(c.tmplinit::text, c.tmpllexize::text),
        'comment', d.description
    )
from pg_ts_template as c
join namespaces as n on n.oid = c.tmplnamespace
left join pg_description as d on d.classoid = 'pg_ts_template'::regclass and d.objoid = c.oid
where not exists (select from members where classid = 'pg_ts_template'::regclass and objid = c.oid)
union all
select
    'collation',
    n.name || '.' || quote_ident(c.collname),
    json_build_object(
        'schema', n.nspname,
        'owner', pg_get_userbyid(c.collowner),
        'provider', c.collprovider,
        'deterministic', c.collisdeterministic,
        'collate', c.collcollate,
        'ctype', c.collctype,
        'locale', coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale'),
        'rules', to_jsonb(c) ->> 'collicurules',
        'comment', d.description
    )
from pg_collation as c
join namespaces as n on n.oid = c.collnamespace
left join pg_description as d on d.classoid = 'pg_collation'::regclass and d.objoid = c.oid
where not exists (select from members where classid = 'pg_collation'::regclass and objid = c.oid)
union all
select
    'conversion',
    n.name || '.' || quote_ident(c.conname),
    json_build_object(
        'schema', n.nspname,
        'owner', pg_get_userbyid(c.conowner),
        'from', pg_encoding_to_char(c.conforencoding),
        'to', pg_encoding_to_char(c.contoencoding),
        'function', c.conproc::text,
        'default', c.condefault,
        'comment', d.description
    )
from pg_conversion as c
join namespaces as n on n.oid = c.connamespace
left join pg_description as d on d.classoid = 'pg_conversion'::regclass and d.objoid = c.oid
where not exists (select from members where classid = 'pg_conversion'::regclass and objid = c.oid)
