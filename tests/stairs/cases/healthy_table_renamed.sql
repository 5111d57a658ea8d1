-- nothing is to be found
-- up --
alter table public.people rename to persons;
-- down --
alter table public.persons rename to people;
