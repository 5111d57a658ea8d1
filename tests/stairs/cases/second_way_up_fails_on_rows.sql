-- finds: data_loss:2:filled:public.people.note = warning
-- finds: data_loss:2:up_again_fails = error
-- up --
create unique index people_note_key on public.people (note) where note = 'x' and length(note) > 1;
alter table public.people add constraint c check (note is distinct from 'none');
-- down --
alter table public.people drop constraint c;
drop index public.people_note_key;
update public.people set note = 'none' where note is null;
