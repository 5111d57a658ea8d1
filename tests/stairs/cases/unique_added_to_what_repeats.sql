-- finds: data_loss:2:up_fails = warning
-- up --
alter table public.people add constraint people_note_key unique (note);
-- down --
alter table public.people drop constraint people_note_key;
