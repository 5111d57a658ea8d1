-- nothing is to be found
-- up --
alter table public.people add column note_new text;
update public.people set note_new = note;
alter table public.people drop column note;
alter table public.people rename column note_new to note;
-- down --
alter table public.people add column note_old text;
update public.people set note_old = note;
alter table public.people drop column note;
alter table public.people rename column note_old to note;
