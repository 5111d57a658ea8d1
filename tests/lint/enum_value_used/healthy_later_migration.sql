-- The value is added by one migration and used by the next; an unrelated text of the same letters is none of it.

-- before
create type public.state as enum ('on', 'off');
create table public.jobs (id bigint primary key, state public.state not null);
alter table public.jobs enable row level security;
create table public.words (word text primary key);
alter table public.words enable row level security;
-- new
alter type public.state add value 'paused';
insert into public.words (word) values ('paused');
comment on type public.state is 'paused';
-- new
update public.jobs set state = 'paused' where id = 1;
