-- nothing is to be found
-- up --
create function public.f() returns int language sql as 'select 1';
alter table public.people enable row level security;
create policy p on public.people using (true);
-- down --
drop policy p on public.people;
alter table public.people disable row level security;
drop function public.f();
