-- Claims: what is reached is what the committed matrix says; DELETE has been taken away since, which widens nothing.
-- settings: behaviour = "behaviour.json"

create table public.notes (
    tenant_id uuid not null,
    note_id uuid default gen_random_uuid(),
    body text not null,
    primary key (tenant_id, note_id)
);
alter table public.notes enable row level security;
revoke all on public.notes from anon, authenticated;
grant select, insert on public.notes to authenticated;
create policy own on public.notes to authenticated using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
