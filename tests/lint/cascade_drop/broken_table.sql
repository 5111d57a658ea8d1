-- Only a foreign key goes: a warning.
-- finds: cascade_drop:2:public.notes = warning

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
create table public.replies (id bigint primary key, note_id bigint references public.notes (id));
alter table public.replies enable row level security;
-- new
drop table public.notes cascade; --!
