-- finds: data_loss:2:lost:public.people.note = error
-- up --
alter table public.people alter column note type varchar(20) using left(note, 20);
-- down --
alter table public.people alter column note type text;
