-- What each job names is there, along the user's search_path too, and its time comes.

create extension pg_cron;
create table public.notes (note_id uuid primary key, at timestamptz);
create procedure public.clean() language sql as $$ delete from public.notes where at < now() $$;
select cron.schedule('clean', '0 3 29 2 *', 'call clean()');
select cron.schedule('count', '30 seconds', 'with t as (select * from notes) select count(*) from t');
select cron.schedule('start', '@reboot', 'select public.gen()') where false;
