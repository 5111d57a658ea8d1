-- It asks for something; it is for members, and no other asks them; it is restrictive; the table is new.

-- before
create table public.notes (id bigint primary key, owner uuid not null, status text, body text, at timestamptz not null);
alter table public.notes enable row level security;
create policy select_own on public.notes for select to authenticated using (owner = (select auth.uid()));
-- new
create policy open on public.notes for select to anon using (status = 'public');
create policy members on public.notes for insert to authenticated with check (true);
create policy all_of_them on public.notes as restrictive for select using (true);
create table public.countries (code text primary key);
alter table public.countries enable row level security;
create policy anybody on public.countries for select using (true);
