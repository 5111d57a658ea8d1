-- finds: data_loss:2:up_fails = warning
-- up --
alter table public.people alter column note set not null;
-- down --
alter table public.people alter column note drop not null;
