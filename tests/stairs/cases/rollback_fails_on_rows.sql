-- finds: data_loss:2:down_fails = error
-- up --
alter table public.people rename column note to remark;
-- down --
alter table public.people rename column remark to note;
alter table public.people alter column note set not null;
alter table public.people alter column note drop not null;
