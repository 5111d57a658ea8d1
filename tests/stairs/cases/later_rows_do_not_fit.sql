-- finds: data_loss:2:later_fails = warning
-- up --
alter table public.people alter column small type bigint;
-- down --
alter table public.people alter column small type integer;
