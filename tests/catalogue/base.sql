-- One object of each kind, for the alterations of alterations.py to change. Roles: base_owner, base_reader, base_writer.
create schema app;
create schema other;
create extension citext with schema other;

create type app.status as enum ('open', 'closed');
create type app.pair as (a integer, b text);
create type app.span as range (subtype = integer);
create domain app.phone as text constraint phone_is_e164 check (value ~ '^\+');

create table app.tenants (
    tenant_id uuid constraint tenants_pkey primary key,
    name text not null default 'none',
    note varchar(40),
    amount numeric(10, 2),
    doubled numeric generated always as (amount * 2) stored,
    status app.status,
    constraint amount_is_positive check (amount > 0),
    constraint tenants_name_key unique (name)
);
create index tenants_note_idx on app.tenants (note);

create table app.logs (
    log_id bigint generated always as identity constraint logs_pkey primary key,
    tenant_id uuid not null,
    body text,
    metadata jsonb,
    at timestamptz not null default '2020-01-01 00:00:00+00',
    constraint logs_tenant_fkey foreign key (tenant_id) references app.tenants on delete cascade
);
create unique index logs_one_idx on app.logs (tenant_id, log_id);
create index logs_body_idx on app.logs (lower(body)) where body is not null;
create statistics app.logs_stats (dependencies) on tenant_id, at from app.logs;

create table app.events (event_id integer not null, at date not null) partition by range (at);
create table app.events_2020 partition of app.events for values from ('2020-01-01') to ('2021-01-01');
create table app.parent (a integer);
create table app.child (b integer) inherits (app.parent);

create function app.touch() returns trigger language plpgsql as $$
begin
    return new;
end
$$;
create function app.tenant() returns uuid language sql stable as $$select null::uuid$$;
create function app.twice(n integer) returns integer language sql immutable return n * 2;
create procedure app.clean(age interval) language plpgsql as $$begin null; end$$;
create aggregate app.total(integer) (sfunc = int4pl, stype = integer, initcond = '0');
create function app.on_ddl() returns event_trigger language plpgsql as $$begin null; end$$;
create function app.pair_text(app.pair) returns text language sql immutable as $$select 'pair'$$;

create trigger touch before update on app.tenants for each row execute function app.touch();
create rule quiet as on delete to app.logs where old.body is null do instead nothing;

alter table app.tenants enable row level security;
create policy select_member on app.tenants for select to base_reader using (tenant_id = (select app.tenant()));
create policy update_member on app.tenants for update to base_reader
    using (tenant_id = (select app.tenant())) with check (tenant_id = (select app.tenant()));

create view app.names with (security_invoker = true) as select tenant_id, name from app.tenants;
create materialized view app.counts as select count(*) as n from app.logs;
create sequence app.numbers;

create operator app.=~ (leftarg = integer, rightarg = integer, function = int4eq);
create cast (app.pair as text) with function app.pair_text(app.pair);
create operator family app.numbers_ops using btree;
create operator class app.span_ops for type integer using btree family app.numbers_ops as
    operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer);
create collation app.plain (locale = 'C');
create conversion app.latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create text search dictionary app.words (template = simple);
create text search configuration app.search (copy = pg_catalog.simple);

create foreign data wrapper base_wrapper;
create server base_server foreign data wrapper base_wrapper options (host 'a');
create user mapping for base_reader server base_server options (user 'u', password 'p');
create foreign table app.remote (a integer) server base_server options (path 'x');

create publication base_publication for table app.tenants (tenant_id, name) where (name <> ''), app.logs;
create publication other_publication for tables in schema other;

grant usage on schema app to base_reader;
grant select on app.tenants to base_reader;
grant select (log_id), update (body) on app.logs to base_reader;
alter default privileges in schema other grant select on tables to base_reader;
comment on table app.tenants is 'Tenants.';

-- The table of pg_cron, whose jobs are rows and not objects.
create schema cron;
create table cron.job (
    jobid bigint generated always as identity primary key,
    schedule text not null,
    command text not null,
    nodename text not null default 'localhost',
    nodeport integer not null default 5432,
    database text not null default current_database(),
    username text not null default current_user,
    active boolean not null default true,
    jobname text,
    unique (jobname, username)
);
insert into cron.job (schedule, command, database, jobname) values ('0 3 * * *', 'call app.clean(''1 day'')', 'any', 'clean');
