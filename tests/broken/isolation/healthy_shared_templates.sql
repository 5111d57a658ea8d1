-- Claims: rows without a tenant are for all to read and for none to write; a restrictive policy narrows an open one.

create table public.templates (
    template_id uuid primary key default gen_random_uuid(),
    tenant_id uuid,
    body text not null
);
create index on public.templates (tenant_id);
create table public.letters (
    letter_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    body text not null
);
create index on public.letters (tenant_id);
alter table public.templates enable row level security;
alter table public.letters enable row level security;
revoke all on public.templates, public.letters from anon, authenticated;
grant select, insert, update, delete on public.templates, public.letters to authenticated;

create policy read on public.templates for select to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid or tenant_id is null);
create policy add on public.templates for insert to authenticated
with check (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create policy change on public.templates for update to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
create policy remove on public.templates for delete to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);

create policy everyone on public.letters to authenticated using (true);
create policy tenant on public.letters as restrictive to authenticated
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid);
