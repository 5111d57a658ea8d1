-- Two policies are for a role that bypasses them.
-- finds: moot_policies:service_role = note

create table public.notes (note_id uuid primary key);
alter table public.notes enable row level security;
create policy manage on public.notes to service_role using (true); --!
create policy remove on public.notes for delete to service_role using (note_id is not null);
