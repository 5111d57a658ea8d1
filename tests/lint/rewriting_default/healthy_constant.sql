-- The same for every row; set afterwards; a new table.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create function public.fixed() returns text language sql immutable as $$ select 'x' $$;
-- new
alter table public.notes add column kind text not null default 'plain';
alter table public.notes add column seen timestamptz not null default now();
alter table public.notes add column code text default public.fixed();
alter table public.notes add column token uuid;
alter table public.notes alter column token set default gen_random_uuid();
create table private.n (id bigint);
alter table private.n add column token uuid default gen_random_uuid();
