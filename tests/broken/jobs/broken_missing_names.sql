-- A job calls what is not there, one has no day, one is off, and one does what another does.
-- finds: jobs:clean:missing = error
-- finds: jobs:leap:never = warning
-- finds: jobs:off:off = note
-- finds: jobs:again:twice = note

create extension pg_cron;
create table public.notes (note_id uuid primary key, at timestamptz);
select cron.schedule('clean', '0 3 * * *', 'delete from public.note where at < now()'); --!
select cron.schedule('leap', '0 0 31 2 *', 'delete from public.notes where at is null'); --!
select cron.schedule('off', '0 4 * * *', 'delete from notes where note_id is null'); --!
select cron.alter_job((select jobid from cron.job where jobname = 'off'), active := false);
select cron.schedule('good', '0 5 * * *', 'vacuum public.notes');
select cron.schedule('again', '0 6 * * *', 'vacuum public.notes;'); --!
