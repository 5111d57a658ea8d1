-- finds: data_loss:2:up_fails = error
-- up --
alter table public.people add column zip text not null;
-- down --
alter table public.people drop column zip;
