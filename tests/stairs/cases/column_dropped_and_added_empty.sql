-- finds: data_loss:2:lost:public.people.note = error
-- up --
alter table public.people drop column note;
-- down --
alter table public.people add column note text;
