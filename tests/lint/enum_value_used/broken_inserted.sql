-- A row with the new value goes in at once.
-- finds: enum_value_used:2:paused:public.state = error

-- before
create type public.state as enum ('on', 'off');
create table public.jobs (id bigint primary key, state public.state not null);
alter table public.jobs enable row level security;
-- new
alter type public.state add value 'paused'; --!
insert into public.jobs (id, state) values (1, 'paused');
