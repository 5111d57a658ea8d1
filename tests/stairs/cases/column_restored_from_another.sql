-- finds: data_loss:2:restored:public.people.note = warning
-- up --
alter table public.people drop column note;
-- down --
alter table public.people add column note text;
update public.people set note = first_name;
