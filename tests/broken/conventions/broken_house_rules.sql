-- Each rule is broken once.
-- settings: conventions = true
-- settings: schemas = ["public"]
-- finds: conventions:constraint_names:public.notes.note_pk = warning
-- finds: conventions:index_names:public.by_title = warning
-- finds: conventions:policy_names:public.notes.own = warning
-- finds: conventions:policy_commands:public.notes.manage = warning
-- finds: conventions:policy_roles:public.notes.own = warning
-- finds: conventions:time_zones:public.notes.at = warning
-- finds: conventions:closed_sets:public.notes.state = warning
-- finds: conventions:documents:public.notes.body = warning
-- finds: conventions:text_limits:public.notes.title = warning
-- finds: conventions:set_null_columns:public.notes.notes_notes_fkey = warning
-- finds: conventions:row_security:public.notes = warning
-- finds: conventions:definer_paths:public.size() = warning
-- finds: conventions:comments:public.notes.title = warning

create type public.state as enum ('open', 'done');
create table public.notes ( --!
    tenant_id uuid,
    note_id uuid,
    parent_id uuid,
    at timestamp, --!
    state public.state, --!
    body jsonb, --!
    title text, --!
    constraint note_pk primary key (tenant_id, note_id), --!
    constraint notes_notes_fkey foreign key (tenant_id, parent_id) references public.notes on delete set null --!
);
create index by_title on public.notes (title); --!
alter table public.notes enable row level security;
create policy own on public.notes for select using (true); --!
create policy manage on public.notes to authenticated using (true); --!
create function public.size() returns bigint language sql stable security definer set search_path = public --!
as $$ select count(*) from notes $$;
comment on table public.notes is 'Notes.';
comment on column public.notes.tenant_id is 'The tenant.';
comment on column public.notes.note_id is 'The note.';
comment on column public.notes.parent_id is 'The note above it.';
comment on column public.notes.at is 'When it was written.';
comment on column public.notes.state is 'Its state.';
comment on column public.notes.body is 'Its text.';
comment on index public.by_title is 'Look-up by title.';
comment on policy own on public.notes is 'All of them.';
comment on policy manage on public.notes is 'All of them.';
comment on function public.size() is 'How many there are.';
