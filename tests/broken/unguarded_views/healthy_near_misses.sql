-- The caller's rights; no reader; no table with policies beneath.

create table public.notes (note_id uuid primary key, owner_id uuid);
alter table public.notes enable row level security;
create view public.all_notes with (security_invoker = on) as select * from public.notes;
create view public.report as select count(*) from public.notes;
revoke all on table public.report from anon, authenticated;
create table public.countries (code text primary key);
create view public.codes as select code from public.countries;
create materialized view public.code_list as select code from public.countries;
