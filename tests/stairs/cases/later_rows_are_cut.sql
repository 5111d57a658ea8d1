-- finds: data_loss:2:later:public.people.code = warning
-- up --
alter table public.people alter column code type text;
-- down --
alter table public.people alter column code type varchar(6) using left(code, 6);
