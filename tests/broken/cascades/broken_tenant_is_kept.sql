-- A tenant is deleted, and a table without a foreign key keeps its id.
-- finds: cascades:public.events:tenant = warning

create table public.orgs (org_id uuid primary key);
create table public.notes (note_id uuid primary key, org_id uuid not null references public.orgs on delete cascade);
create table public.events (event_id uuid primary key, org_id uuid not null, note_id uuid); --!
alter table public.orgs enable row level security;
alter table public.notes enable row level security;
alter table public.events enable row level security;
create policy own on public.orgs using (org_id = ((select auth.jwt()) ->> 'org_id')::uuid);
create policy own on public.notes using (org_id = ((select auth.jwt()) ->> 'org_id')::uuid);
create policy own on public.events using (org_id = ((select auth.jwt()) ->> 'org_id')::uuid);
