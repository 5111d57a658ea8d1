-- finds: data_loss:2:later_fails = warning
-- up --
alter table public.people alter column first_name drop not null;
-- down --
alter table public.people alter column first_name set not null;
