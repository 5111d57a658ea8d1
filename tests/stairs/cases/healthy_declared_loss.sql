-- nothing is to be found
-- up --
-- schemaproof: lossy people.note nobody has read it for years
alter table public.people drop column note;
-- down --
alter table public.people add column note text;
