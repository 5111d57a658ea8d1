-- An index on a document, on a lower-cased text and on an enum: no request can use one of them.
-- finds: barred_indexes:public.notes_body_idx = note
-- finds: barred_indexes:public.notes_title_idx = note
-- finds: barred_indexes:public.notes_state_idx = note
-- finds: barred_indexes:public.notes_slug_idx = note

create type public.state as enum ('open', 'done');
create table public.notes (
    note_id uuid primary key, owner_id uuid, body jsonb, title text, slug text, state public.state
);
create index notes_body_idx on public.notes using gin (body); --!
create index notes_title_idx on public.notes (lower(title)); --!
create index notes_state_idx on public.notes (state); --!
create index notes_slug_idx on public.notes (slug text_pattern_ops); --!
alter table public.notes enable row level security;
create policy own on public.notes for select to authenticated using (owner_id = (select auth.uid()));
