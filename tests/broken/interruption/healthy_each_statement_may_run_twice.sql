-- pg-delta: transaction=false
-- platform: plain

create table if not exists public.notes (note_id int primary key);
alter table public.notes add column if not exists author text;
insert into public.notes values (1) on conflict do nothing;
vacuum public.notes;
