-- nothing is to be found
-- up --
create table public.things (id integer primary key, person_id integer references public.people);
-- down --
drop table public.things;
