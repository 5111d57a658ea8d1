-- finds: data_loss:2:lost:public.people.email = error
-- up --
update public.people set email = lower(email);
-- down --
select 1;
