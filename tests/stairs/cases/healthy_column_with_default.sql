-- nothing is to be found
-- up --
alter table public.people add column level integer not null default 0;
-- down --
alter table public.people drop column level;
