-- Memberships: a user may write a membership of his own in any workspace, and reads its documents.
-- finds: memberships:public.members:self-made = error

create table public.workspaces (workspace_id uuid primary key default gen_random_uuid(), name text not null);
create table public.members (
    workspace_id uuid not null references public.workspaces on delete cascade,
    user_id uuid not null default auth.uid() references auth.users on delete cascade,
    primary key (workspace_id, user_id)
);
create index on public.members (user_id);
create table public.documents (
    document_id uuid primary key default gen_random_uuid(),
    workspace_id uuid not null references public.workspaces on delete cascade,
    title text not null
);
create index on public.documents (workspace_id);
alter table public.workspaces enable row level security;
alter table public.members enable row level security;
alter table public.documents enable row level security;
revoke all on all tables in schema public from anon, authenticated;
grant select on public.workspaces, public.documents to authenticated;
grant select, insert on public.members to authenticated;

create policy own on public.members for select to authenticated using (user_id = (select auth.uid()));
create policy join_any on public.members for insert to authenticated with check (user_id = (select auth.uid())); --!
create policy member on public.workspaces for select to authenticated
using (workspace_id in (select m.workspace_id from public.members as m where m.user_id = (select auth.uid())));
create policy member on public.documents for select to authenticated
using (workspace_id in (select m.workspace_id from public.members as m where m.user_id = (select auth.uid())));
