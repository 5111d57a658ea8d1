-- The down does not undo anything.
-- finds: stairway:20260201000000:column:public.files.title
alter table public.files add column title text;
