-- The rows are moved by a later migration; one row by its key is no backfill; a new table has no readers.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
alter table public.notes add column kind text;
update public.notes set kind = 'pinned' where id in (1, 2);
update public.notes set kind = 'old' where id in (select id from public.notes where kind is null limit 100);
create table private.copies (id bigint primary key, kind text);
alter table private.copies add column seen boolean;
update private.copies set seen = false;
-- new
update public.notes set kind = 'plain' where kind is null;
