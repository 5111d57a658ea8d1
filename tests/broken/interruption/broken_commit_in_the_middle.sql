-- What the first transaction made is in the way when the second one has failed.
-- platform: plain
-- finds: interruption:1:again = error

begin;
create table public.notes (note_id int); --!
commit;
begin;
create table public.authors (author_id int);
commit;
