-- finds: data_loss:2:filled:public.people.note = warning
-- up --
update public.people set note = '' where note is null;
-- down --
select 1;
