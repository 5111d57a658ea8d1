-- finds: data_loss:2:lost:public.visits = error
-- up --
drop table public.visits;
-- down --
create table public.visits (
    id integer primary key,
    person_id integer not null references public.people on delete cascade,
    reason text
);
