-- nothing is to be found
-- up --
alter table public.people rename column note to remark;
-- down --
alter table public.people rename column remark to note;
