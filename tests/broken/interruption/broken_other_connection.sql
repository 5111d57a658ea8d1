-- What another connection does is not undone with the rest.
-- platform: plain
-- finds: interruption:1:again = error

create extension dblink;
create table public.notes (note_id int);
select public.dblink_exec( --!
    format('user=%s host=%s port=%s dbname=%s', current_user, split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_database()),
    'create table public.authors (author_id int)');
create table public.last (note_id int);
