-- Memberships: two policies ask whether the user is admin of any workspace, and not of the row's.
-- finds: isolation:public.workspaces:update = error
-- finds: isolation:public.issues:delete = error

create table public.workspaces (workspace_id uuid primary key default gen_random_uuid(), name text not null);
create table public.members (
    workspace_id uuid not null references public.workspaces on delete cascade,
    user_id uuid not null references auth.users on delete cascade,
    role text not null check (role in ('admin', 'member')),
    primary key (workspace_id, user_id)
);
create index on public.members (user_id);
create table public.issues (
    issue_id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references public.workspaces on delete cascade,
    title text not null
);
create index on public.issues (workspace_id);
alter table public.workspaces enable row level security;
alter table public.members enable row level security;
alter table public.issues enable row level security;
revoke all on all tables in schema public from anon, authenticated;
grant select, update on public.workspaces to authenticated;
grant select on public.members to authenticated;
grant select, delete on public.issues to authenticated;

create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
create policy member on public.workspaces for select to authenticated
using (workspace_id in (select m.workspace_id from public.members as m where m.user_id = (select auth.uid())));
create policy admin on public.workspaces for update to authenticated --!
using (exists (select from public.members as m where m.user_id = (select auth.uid()) and m.role = 'admin'));
create policy member on public.issues for select to authenticated
using (workspace_id in (select m.workspace_id from public.members as m where m.user_id = (select auth.uid())));
create policy admin on public.issues for delete to authenticated --!
using (exists (select from public.members as m where m.user_id = (select auth.uid()) and m.role = 'admin'));
