-- finds: data_loss:2:lost:public.people = error
-- finds: data_loss:2:lost:public.visits = error
-- up --
delete from public.people where note is null;
-- down --
select 1;
