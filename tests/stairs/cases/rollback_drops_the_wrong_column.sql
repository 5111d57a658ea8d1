-- finds: data_loss:2:lost:public.people.note = error
-- up --
alter table public.people add column remark text;
-- down --
alter table public.people drop column note, drop column remark;
alter table public.people add column note text;
