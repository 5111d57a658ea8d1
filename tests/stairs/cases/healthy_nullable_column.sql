-- nothing is to be found
-- up --
alter table public.people add column remark text;
-- down --
alter table public.people drop column remark;
