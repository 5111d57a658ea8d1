-- nothing is to be found
-- up --
-- schemaproof: irreversible what was deleted is gone
delete from public.people;
-- down --
select 1;
