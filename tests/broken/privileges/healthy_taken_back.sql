-- Claims: ALL is granted and taken back; a schema that no request may use keeps what it grants.

create schema internal;
create table internal.queue (job_id uuid primary key default gen_random_uuid(), payload text);
alter table internal.queue enable row level security;
grant truncate on internal.queue to authenticated;
create table public.notes (note_id uuid primary key default gen_random_uuid(), tenant_id uuid not null, body text);
create index on public.notes (tenant_id);
alter table public.notes enable row level security;
grant all on public.notes to authenticated;
revoke all on public.notes from anon, authenticated;
grant select, insert on public.notes to authenticated;
create policy own on public.notes to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
