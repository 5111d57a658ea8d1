-- Claims: the committed matrix says that no other tenant reads the notes, and the policy has become an open one.
-- settings: behaviour = "behaviour.json"
-- finds: behaviour:public.notes:select = error
-- also: isolation:public.notes:select = error

create table public.notes ( --!
    tenant_id uuid not null,
    note_id uuid default gen_random_uuid(),
    body text not null,
    primary key (tenant_id, note_id)
);
alter table public.notes enable row level security;
revoke all on public.notes from anon, authenticated;
grant select, insert on public.notes to authenticated;
create policy read on public.notes for select to authenticated using (true);
create policy add on public.notes for insert to authenticated
with check (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
