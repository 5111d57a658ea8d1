-- Projects of an organisation, and their documents. Locks: SHARE ROW EXCLUSIVE on organisations, for an instant.
create type public.project_state as enum ('planned', 'running', 'closed');

create table public.projects (
    project_id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null references public.organisations (organisation_id) on delete cascade,
    name text not null,
    state public.project_state not null default 'planned',
    starts_on date,
    ends_on date,
    unique (organisation_id, project_id),
    constraint projects_end_is_not_before_start check (ends_on >= starts_on)
);

create table public.documents (
    document_id uuid primary key default gen_random_uuid(),
    organisation_id uuid not null,
    project_id uuid not null,
    parent_id uuid,
    title text not null default 'Untitled',
    body jsonb not null default '{}' check (jsonb_typeof(body) = 'object'),
    tags text[] not null default '{}',
    edited_by uuid default auth.uid() references auth.users (id) on delete set null,
    archived_at timestamptz,
    unique (organisation_id, document_id),
    foreign key (organisation_id, project_id) references public.projects (organisation_id, project_id) on delete cascade,
    foreign key (organisation_id, parent_id) references public.documents (organisation_id, document_id)
        on delete set null (parent_id)
);
create index documents_project_idx on public.documents (organisation_id, project_id);
create index documents_parent_idx on public.documents (organisation_id, parent_id);
create index documents_edited_by_idx on public.documents (edited_by);
create index documents_live_idx on public.documents (organisation_id, title) where archived_at is null;

alter table public.projects enable row level security;
alter table public.documents enable row level security;
revoke all on table public.projects, public.documents from anon, authenticated;
grant select, insert, update, delete on table public.projects, public.documents to authenticated;

create policy select_member on public.projects
    for select to authenticated using (private.is_member(organisation_id));
create policy insert_editor on public.projects
    for insert to authenticated with check (private.can_edit(organisation_id));
create policy update_editor on public.projects
    for update to authenticated using (private.can_edit(organisation_id));
create policy delete_owner on public.projects
    for delete to authenticated using (private.is_owner(organisation_id));

create policy select_member on public.documents
    for select to authenticated using (private.is_member(organisation_id));
create policy insert_editor on public.documents
    for insert to authenticated with check (private.can_edit(organisation_id));
create policy update_editor on public.documents
    for update to authenticated using (private.can_edit(organisation_id));
create policy delete_editor on public.documents
    for delete to authenticated using (private.can_edit(organisation_id));

create view public.live_documents with (security_invoker = true) as
select document_id, organisation_id, project_id, title from public.documents where archived_at is null;
revoke all on public.live_documents from anon, authenticated;
grant select on public.live_documents to authenticated;
