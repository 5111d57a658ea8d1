-- nothing is to be found
-- up --
create table public.notes (person_id integer primary key references public.people on delete cascade, note text);
insert into public.notes select id, note from public.people;
alter table public.people drop column note;
-- down --
alter table public.people add column note text;
update public.people as p set note = n.note from public.notes as n where n.person_id = p.id;
drop table public.notes;
