-- A type that is made in the same transaction may be used with all of its values.

-- before
create table public.jobs (id bigint primary key);
alter table public.jobs enable row level security;
-- new
create type public.state as enum ('on');
alter type public.state add value 'off';
alter table public.jobs add column state public.state default 'off';
-- new
begin;
alter type public.state add value 'paused';
commit;
insert into public.jobs (id, state) values (1, 'paused');
