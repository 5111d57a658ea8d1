-- What goes is made again, or dropped by its name, or was made by the migration itself.

-- before
create table public.notes (id bigint primary key, tenant_id uuid not null);
alter table public.notes enable row level security;
create function public.tenant() returns uuid language sql stable as $$ select gen_random_uuid() $$;
create policy select_own on public.notes for select to authenticated using (tenant_id = public.tenant());
create view public.few with (security_invoker = true) as select id from public.notes where tenant_id = public.tenant();
-- new
drop function public.tenant() cascade;
create function public.tenant() returns uuid language sql stable as $$ select gen_random_uuid() $$;
create policy select_own on public.notes for select to authenticated using (tenant_id = public.tenant());
drop view if exists public.few;
create table private.scratch (id bigint primary key);
create view private.scratched as select id from private.scratch;
drop table private.scratch cascade;
drop view public.none;
