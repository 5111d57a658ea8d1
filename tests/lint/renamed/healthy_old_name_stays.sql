-- A view of the old name, a column of the old name, and what is new itself; constraints and indexes have no clients.

-- before
create table public.notes (id bigint constraint notes_pk primary key, body text);
alter table public.notes enable row level security;
create table public.files (id bigint primary key, path text);
alter table public.files enable row level security;
-- new
alter table public.notes rename to remarks;
create view public.notes with (security_invoker = true) as select id, body from public.remarks;
alter table public.files rename column path to location;
alter table public.files add column path text;
alter table public.remarks rename constraint notes_pk to remarks_pkey;
create table private.later (a int);
alter table private.later rename column a to b;
alter table private.later rename to latest;
