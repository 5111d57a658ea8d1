-- NOT VALID, validated by the next migration; on a new table.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
alter table public.notes add constraint body_is_short check (length(body) < 10000) not valid;
create table private.n (id bigint primary key);
alter table private.n add constraint id_is_positive check (id > 0);
alter table private.n add constraint n_id_fkey foreign key (id) references public.notes (id);
-- new
alter table public.notes validate constraint body_is_short;
