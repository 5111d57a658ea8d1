-- Claims: the templates that belong to no tenant are shown to all tenants, and each of them can rewrite and delete them.
-- finds: isolation:public.templates:update:nobody = error
-- finds: isolation:public.templates:delete:nobody = error
-- finds: isolation:public.templates:insert:nobody = error

create table public.templates (
    template_id uuid primary key default gen_random_uuid(),
    tenant_id uuid,
    body text not null
);
create index on public.templates (tenant_id);
alter table public.templates enable row level security;
revoke all on public.templates from anon, authenticated;
grant select, insert, update, delete on public.templates to authenticated;
create policy own_or_shared on public.templates to authenticated --!
using (tenant_id = ((select auth.jwt()) ->> 'tenant_id')::uuid or tenant_id is null);
