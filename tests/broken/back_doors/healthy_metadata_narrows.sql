-- Claims: what users write into their metadata only narrows what they see of their own tenant's rows.

create table public.tasks (
    task_id uuid primary key default gen_random_uuid(),
    tenant_id uuid not null,
    project text not null
);
create index on public.tasks (tenant_id);
alter table public.tasks enable row level security;
revoke all on public.tasks from anon, authenticated;
grant select on public.tasks to authenticated;
create policy own on public.tasks for select to authenticated
using (tenant_id = ((select auth.jwt()) -> 'app_metadata' ->> 'tenant_id')::uuid);
create policy chosen on public.tasks as restrictive for select to authenticated
using (project = coalesce((select auth.jwt()) -> 'user_metadata' ->> 'project', project));
