-- nothing is to be found
-- up --
create index people_note_idx on public.people (left(note, 20));
-- down --
drop index public.people_note_idx;
