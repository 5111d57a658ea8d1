-- nothing is to be found
-- up --
alter table public.people add column initials text;
update public.people set initials = left(first_name, 1);
-- down --
alter table public.people drop column initials;
