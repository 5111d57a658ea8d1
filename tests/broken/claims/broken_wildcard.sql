-- Claims: the tenant is matched by LIKE, and a claim of % matches every tenant.
-- finds: claims:public.projects = error

create table public.projects (
    project_id uuid primary key default gen_random_uuid(),
    tenant_slug text not null,
    title text not null
);
create index on public.projects (tenant_slug);
alter table public.projects enable row level security;
revoke all on public.projects from anon, authenticated;
grant select, insert on public.projects to authenticated;
create policy read on public.projects for select to authenticated --!
using (tenant_slug like ((select auth.jwt()) ->> 'tenant'));
create policy add on public.projects for insert to authenticated
with check (tenant_slug = ((select auth.jwt()) ->> 'tenant'));
