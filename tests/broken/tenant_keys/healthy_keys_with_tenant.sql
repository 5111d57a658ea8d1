-- Each key holds the tenant; what is the same for all has none; the tenants' own table is its own tenant.
-- platform: plain
-- settings: tenancy.column = "org_id"

create table public.orgs (org_id uuid primary key);
create table public.countries (code text primary key);
create table public.projects (
    org_id uuid not null references public.orgs,
    project_id uuid,
    country text references public.countries,
    primary key (project_id, org_id)
);
create table public.tasks (
    org_id uuid not null,
    task_id uuid,
    project_id uuid,
    primary key (org_id, task_id),
    foreign key (project_id, org_id) references public.projects
);
