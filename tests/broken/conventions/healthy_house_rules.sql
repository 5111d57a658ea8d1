-- Everything is named, limited and commented as the house does it.
-- settings: conventions = true
-- settings: schemas = ["public"]

create table public.notes (
    note_id uuid,
    at timestamptz,
    title text,
    constraint notes_pkey primary key (note_id),
    constraint title_is_short check (char_length(title) <= 100)
);
create index notes_at_idx on public.notes (at);
alter table public.notes enable row level security;
alter table public.notes force row level security;
create policy select_visitor on public.notes for select to anon using (true);
comment on table public.notes is 'Notes.';
comment on column public.notes.note_id is 'The note.';
comment on column public.notes.at is 'When it was written.';
comment on column public.notes.title is 'Its title.';
comment on index public.notes_at_idx is 'The newest first.';
comment on policy select_visitor on public.notes is 'Notes are public.';
