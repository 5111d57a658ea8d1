-- Claims: the platform's default privileges are left as they are, behind an API that knows no such command: a warning a role.
-- finds: privileges:anon:default = warning
-- finds: privileges:authenticated:default = warning

create table public.notes (note_id uuid primary key default gen_random_uuid(), tenant_id uuid not null, body text); --!
create index on public.notes (tenant_id);
alter table public.notes enable row level security;
create policy own on public.notes to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
