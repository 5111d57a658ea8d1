-- Nothing of it is left, wherever it fails.
-- platform: plain

create table public.notes (note_id int generated always as identity, author text);
create index notes_author_idx on public.notes (author);
insert into public.notes (author) values ('a');
do $$ begin update public.notes set author = 'b'; end $$;
