-- nothing is to be found
-- up --
drop table public.visits;
-- down --
-- schemaproof: lossy visits they are kept elsewhere
create table public.visits (
    id integer primary key,
    person_id integer not null references public.people on delete cascade,
    reason text
);
