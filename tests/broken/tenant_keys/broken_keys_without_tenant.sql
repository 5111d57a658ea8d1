-- Keys without the tenant, by which rows lean on and tell of other tenants' rows; a key that is not checked at all.
-- platform: plain
-- settings: tenancy.column = "org_id"
-- finds: tenant_keys:public.tasks.tasks_project_fkey = error
-- finds: tenant_keys:public.projects.projects_pkey = note
-- finds: tenant_keys:public.projects.projects_slug_key = warning
-- finds: tenant_keys:public.labels.org_id = warning

create table public.projects (
    org_id uuid not null,
    project_id uuid,
    slug text,
    constraint projects_pkey primary key (project_id), --!
    constraint projects_slug_key unique (slug), --!
    unique (org_id, project_id)
);
create table public.tasks (
    org_id uuid not null,
    task_id uuid,
    project_id uuid,
    primary key (org_id, task_id),
    constraint tasks_project_fkey foreign key (project_id) references public.projects (project_id) --!
);
create table public.labels (
    org_id uuid, --!
    name text,
    project_id uuid,
    unique (org_id, name),
    foreign key (org_id, project_id) references public.projects (org_id, project_id)
);
